"""Rows that are labelled from the start: scikit-learn's own data sets, CSV and Parquet files."""

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

from hitl.errors import InvalidConfig
from hitl.learning.split import Indices, split_rows
from hitl.tasks.spec import TaskSpec, VectorInput

BUNDLED = ("digits", "breast_cancer", "iris", "wine")
"""The data sets that come inside scikit-learn: nothing is downloaded."""

LABEL_COLUMN = "label"


@dataclass(frozen=True, slots=True)
class Labelled:
    """``rows`` ``(n, width)`` in the order of the task's input; ``labels[i]`` and ``ids[i]`` belong to row i."""

    rows: NDArray[np.float64]
    labels: list[str]
    ids: list[str]

    def take(self, indices: Indices) -> "Labelled":
        return Labelled(self.rows[indices], [self.labels[i] for i in indices], [self.ids[i] for i in indices])


@dataclass(frozen=True, slots=True)
class SplitData:
    """A task's data source in its three disjoint parts."""

    holdout: Labelled
    initial: Labelled
    rest: Labelled


def split(spec: TaskSpec) -> SplitData:
    """The task's labelled rows: held out, initial, and what is left. The same for the same task file.

    Raises InvalidConfig for an unknown source, a missing column, a label that the task does not have."""
    data = load(spec)
    parts = split_rows(len(data.rows), spec.data.holdout_rows, spec.data.initial_rows, spec.data.seed)
    return SplitData(data.take(parts.holdout), data.take(parts.initial), data.take(parts.rest))


def load(spec: TaskSpec) -> Labelled:
    """All rows of the task's source, in its own order. Raises InvalidConfig."""
    source = spec.data.source
    table = _bundled(source) if source.startswith("sklearn.") else _file(source)
    labels = [str(value) for value in table.pop(LABEL_COLUMN)]
    unknown = sorted(set(labels) - set(spec.labels))
    if unknown:
        raise InvalidConfig(source, LABEL_COLUMN, f"label {unknown[0]!r} is not one of the task's")
    rows = np.column_stack([np.asarray(table[name], dtype=np.float64) for name in _columns(spec, table)])
    return Labelled(rows, labels, [f"{source}:{number}" for number in range(len(labels))])


def features_of(spec: TaskSpec, row: NDArray[np.float64]) -> Any:
    """A row as the ``features`` of a request: the inverse of hitl.tasks.vector_from."""
    if isinstance(spec.input, VectorInput):
        return [float(value) for value in row]
    return {field.name: float(value) for field, value in zip(spec.input.fields, row, strict=True)}


def _columns(spec: TaskSpec, table: dict[str, Any]) -> list[str]:
    """The columns that make up a row: by name for fields, in the file's order for a vector."""
    names = list(table) if isinstance(spec.input, VectorInput) else [field.name for field in spec.input.fields]
    missing = [name for name in names if name not in table]
    if missing or len(names) != spec.width:
        raise InvalidConfig(spec.data.source, "columns", f"expected {spec.width} features; missing: {missing[:3]}")
    return names


def _bundled(source: str) -> dict[str, Any]:
    name = source.removeprefix("sklearn.")
    if name not in BUNDLED:
        raise InvalidConfig("data", "source", f"expected sklearn.{' | sklearn.'.join(BUNDLED)} or a file, came {source!r}")
    bunch = getattr(importlib.import_module("sklearn.datasets"), f"load_{name}")()
    columns = {str(column): bunch.data[:, i] for i, column in enumerate(bunch.feature_names)}
    return columns | {LABEL_COLUMN: [str(bunch.target_names[target]) for target in bunch.target]}


def _file(source: str) -> dict[str, Any]:
    try:
        table = pa.parquet.read_table(source) if Path(source).suffix == ".parquet" else pa.csv.read_csv(source)
    except (OSError, pa.ArrowInvalid) as error:
        raise InvalidConfig("data", "source", str(error)) from error
    if LABEL_COLUMN not in table.column_names:
        raise InvalidConfig(source, "columns", f"expected a column {LABEL_COLUMN!r}")
    return {name: table.column(name).to_pylist() for name in table.column_names}
