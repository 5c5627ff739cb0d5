"""Load the initial labelled rows of a task: scikit-learn's data sets, CSV and Parquet files, pictures in folders."""

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from hitl.adapters.files.csv_files import read_csv
from hitl.adapters.files.labelled_pictures import picture_rows, table_of_folder
from hitl.errors import InvalidConfig
from hitl.inference.rows import Rows
from hitl.learning.split import Indices, split_rows
from hitl.settings import Settings
from hitl.tasks.data_source import FileForm
from hitl.tasks.inputs import UnreadableRow
from hitl.tasks.inputs.cells import text_in
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
    """Return the task's labelled rows: held out, initial, and what is left. The same for the same task file.

    Raises InvalidConfig for an unknown source, a missing column, a label that the task does not have."""
    data = load(spec, folder)
    parts = split_rows(len(data.rows), spec.data.holdout_rows, spec.data.initial_rows, spec.data.seed)
    return SplitData(data.take(parts.holdout), data.take(parts.initial), data.take(parts.rest))


def load(spec: TaskSpec, folder: Path | None = None) -> LabelledRows:
    """Load all rows of the task's source, in its own order; ``folder`` holds the files (None: HITL_DATASETS_DIR).

    Raises InvalidConfig."""
    source = spec.data.source
    table = read_table(spec, folder)
    labels: list[str] = table.pop(LABEL_COLUMN)
    for number, label in enumerate(labels, start=1):
        if label not in spec.labels:
            raise InvalidConfig(source, f"row {number}, {LABEL_COLUMN}", f"label {label!r} is not one of the task's")
    return LabelledRows(_rows(spec, table, folder), labels, [f"{source}:{number}" for number in range(len(labels))])


def read_table(spec: TaskSpec, folder: Path | None = None) -> Table:
    """Read the source's columns, and the task's labels in ``label``. The cells of a CSV file are texts as written, those of a
    Parquet file have its types. Raises InvalidConfig."""
    source = spec.data.source
    if not source:
        raise InvalidConfig(spec.task, "data", "the task has no labelled rows")
    if source.startswith("sklearn."):
        return _bundled(source)
    place = _place(source, folder)
    if place.is_dir():
        return table_of_folder(place, spec.input.columns[0], spec.data.form)
    return _file(place, spec.data.form)


def features_of(spec: TaskSpec, row: Any) -> Any:
    """Return a row as the ``features`` of a request: the inverse of hitl.tasks.vector_from."""
    return spec.input.features_of(row)


def _place(source: str, folder: Path | None) -> Path:
    return (folder or Settings().datasets_dir) / source


def _rows(spec: TaskSpec, table: Table, folder: Path | None) -> Rows:
    names, wanted = spec.input.source_columns(table), spec.input.source_width
    missing = [name for name in names if name not in table]
    if missing or len(names) != wanted:
        raise InvalidConfig(spec.data.source, "columns", f"expected {wanted} features; missing: {missing[:3]}")
    if spec.input.files is not None:
        place = _place(spec.data.source, folder)
        return picture_rows(place if place.is_dir() else place.parent, table[names[0]], spec.input.files)
    try:
        return spec.input.source_rows({name: table[name] for name in names})
    except UnreadableRow as error:
        raise InvalidConfig(spec.data.source, f"row {error.number + 1}", str(error.why)) from error


def _bundled(source: str) -> Table:
    name = source.removeprefix("sklearn.")
    if name not in BUNDLED:
        raise InvalidConfig("data", "source", f"expected sklearn.{' | sklearn.'.join(BUNDLED)} or a file, came {source!r}")
    bunch = getattr(importlib.import_module("sklearn.datasets"), f"load_{name}")()
    columns: Table = {str(column): bunch.data[:, i] for i, column in enumerate(bunch.feature_names)}
    return columns | {LABEL_COLUMN: [str(bunch.target_names[target]) for target in bunch.target]}


def _file(path: Path, form: FileForm) -> Table:
    try:
        table = pq.read_table(path) if path.suffix == ".parquet" else read_csv(path, form)
    except (OSError, pa.ArrowInvalid) as error:
        raise InvalidConfig("data", "source", str(error)) from error
    if table.column_names.count(form.label_column) != 1:
        raise InvalidConfig(str(path), "columns", f"expected one column {form.label_column!r}")
    columns: Table = {name: table.column(name).to_pylist() for name in table.column_names}
    cells = [text_in(cell) for cell in columns.pop(form.label_column)]
    for number, cell in enumerate(cells, start=1):
        if not isinstance(cell, str):
            raise InvalidConfig(str(path), f"row {number}, column {form.label_column!r}", "expected a label")
    return columns | {LABEL_COLUMN: [form.label_names.get(label, label) for label in cells]}
