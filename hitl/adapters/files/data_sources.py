"""Load the initial labelled rows of a task: scikit-learn's data sets, CSV and Parquet files."""

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from hitl.errors import InvalidConfig
from hitl.inference.rows import Rows
from hitl.learning.split import Indices, split_rows
from hitl.settings import Settings
from hitl.tasks.data_source import FileForm
from hitl.tasks.inputs import UnreadableRow
from hitl.tasks.spec import TaskSpec

BUNDLED = ("digits", "breast_cancer", "iris", "wine")
"""The data sets that come inside scikit-learn: nothing is downloaded."""

LABEL_COLUMN = "label"

Table = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class LabelledRows:
    """``rows`` as hitl.inference.classifier.Rows, in float64; ``labels[i]`` and ``ids[i]`` belong to row i."""

    rows: Rows
    labels: list[str]
    ids: list[str]

    def take(self, indices: Indices) -> "LabelledRows":
        return LabelledRows(self.rows[indices], [self.labels[i] for i in indices], [self.ids[i] for i in indices])


@dataclass(frozen=True, slots=True)
class SplitData:
    """A task's data source in its three disjoint parts."""

    holdout: LabelledRows
    initial: LabelledRows
    rest: LabelledRows


def split(spec: TaskSpec, folder: Path | None = None) -> SplitData:
    """The task's labelled rows: held out, initial, and what is left. The same for the same task file.

    Raises InvalidConfig for an unknown source, a missing column, a label that the task does not have."""
    data = load(spec, folder)
    parts = split_rows(len(data.rows), spec.data.holdout_rows, spec.data.initial_rows, spec.data.seed)
    return SplitData(data.take(parts.holdout), data.take(parts.initial), data.take(parts.rest))


def load(spec: TaskSpec, folder: Path | None = None) -> LabelledRows:
    """All rows of the task's source, in its own order; ``folder`` holds the files (None: HITL_DATASETS_DIR).

    Raises InvalidConfig."""
    source = spec.data.source
    table = read_table(spec, folder)
    labels = [str(value) for value in table.pop(LABEL_COLUMN)]
    unknown = sorted(set(labels) - set(spec.labels))
    if unknown:
        raise InvalidConfig(source, LABEL_COLUMN, f"label {unknown[0]!r} is not one of the task's")
    return LabelledRows(_rows(spec, table), labels, [f"{source}:{number}" for number in range(len(labels))])


def read_table(spec: TaskSpec, folder: Path | None = None) -> Table:
    """The source's columns as they are, and the task's labels in ``label``. Raises InvalidConfig."""
    source = spec.data.source
    if source.startswith("sklearn."):
        return _bundled(source)
    return _file((folder or Settings().datasets_dir) / source, spec.data.form)


def features_of(spec: TaskSpec, row: Any) -> Any:
    """A row as the ``features`` of a request: the inverse of hitl.tasks.vector_from."""
    return spec.input.features_of(row)


def _rows(spec: TaskSpec, table: Table) -> Rows:
    names, wanted = spec.input.source_columns(table), spec.input.source_width
    missing = [name for name in names if name not in table]
    if missing or len(names) != wanted:
        raise InvalidConfig(spec.data.source, "columns", f"expected {wanted} features; missing: {missing[:3]}")
    try:
        return spec.input.source_rows({name: table[name] for name in names})
    except UnreadableRow as error:
        raise InvalidConfig(spec.data.source, f"row {error.number}", str(error.why)) from error


def _bundled(source: str) -> Table:
    name = source.removeprefix("sklearn.")
    if name not in BUNDLED:
        raise InvalidConfig("data", "source", f"expected sklearn.{' | sklearn.'.join(BUNDLED)} or a file, came {source!r}")
    bunch = getattr(importlib.import_module("sklearn.datasets"), f"load_{name}")()
    columns: Table = {str(column): bunch.data[:, i] for i, column in enumerate(bunch.feature_names)}
    return columns | {LABEL_COLUMN: [str(bunch.target_names[target]) for target in bunch.target]}


def _file(path: Path, form: FileForm) -> Table:
    try:
        table = pa.parquet.read_table(path) if path.suffix == ".parquet" else _csv(path, form)
    except (OSError, pa.ArrowInvalid) as error:
        raise InvalidConfig("data", "source", str(error)) from error
    if form.label_column not in table.column_names:
        raise InvalidConfig(str(path), "columns", f"expected a column {form.label_column!r}")
    columns: Table = {name: table.column(name).to_pylist() for name in table.column_names}
    labels = [str(value) for value in columns.pop(form.label_column)]
    return columns | {LABEL_COLUMN: [form.label_names.get(label, label) for label in labels]}


def _csv(path: Path, form: FileForm) -> Any:
    """All cells as they stand in the file: what they mean is the task's to say."""
    convert = pa.csv.ConvertOptions(null_values=form.missing, strings_can_be_null=True, quoted_strings_can_be_null=False)
    return pa.csv.read_csv(
        path,
        pa.csv.ReadOptions(column_names=form.columns, encoding=form.encoding),
        pa.csv.ParseOptions(delimiter=form.delimiter, quote_char='"' if form.quoted else False, newlines_in_values=form.quoted),
        convert,
    )
