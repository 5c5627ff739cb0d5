"""Freeze a run's training data: the task's initial rows and every decided case, as one data set with a digest."""

import io
from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa
import pyarrow.parquet

from hitl.adapters.files.data_sources import LabelledRows, SplitData
from hitl.client.answer_types import TrainingExample
from hitl.errors import InvalidInput
from hitl.inference.rows import Row, form_of, form_of_rows
from hitl.learning import DataSet, Example, freeze
from hitl.learning.dataset import ExampleSource, plain
from hitl.tasks import TaskSpec, Vector, vector_from


def freeze_data(
    spec: TaskSpec, parts: SplitData, decided: Iterable[TrainingExample], tell: Callable[[str], None] = lambda line: None
) -> DataSet:
    """Return the data set of ``parts.initial`` and the ``decided`` cases of the service. What people found outside of
    the labels is left out: no label is true of it; and so is what they answered with a label that the task has no more, and a
    case whose input does not fit the task's input of now: ``tell`` hears of how many."""
    held_out = frozenset(map(_row, parts.holdout.rows.tolist()))
    ours = (case for case in decided if case["label"] in spec.labels)
    reviewed = [_reviewed(spec, case) for case in ours]
    fitting = [example for example in reviewed if example is not None]
    if len(fitting) < len(reviewed):
        tell(f"{len(reviewed) - len(fitting)} decided cases are left out: they came while the task had another input")
    return freeze(spec.task, [*_initial(parts.initial), *fitting], held_out)


def parquet_of(data: DataSet) -> bytes:
    """Return the data set as one Parquet file: a row an example, ``features`` a list of float64, a text, or the digest of a
    picture."""
    columns = {
        name: [getattr(example, name) for example in data.examples]
        for name in ("id", "features", "label", "weight", "source", "decided_at", "reviewer")
    }
    columns["features"] = [plain(example.features) for example in data.examples]
    columns["source"] = [str(source) for source in columns["source"]]
    form = form_of_rows([example.features for example in data.examples])
    schema = _SCHEMA.set(1, pa.field("features", form.stored_type()))
    buffer = io.BytesIO()
    pa.parquet.write_table(pa.table(columns, schema=schema), buffer, compression="zstd")
    return buffer.getvalue()


def _initial(rows: LabelledRows) -> Iterator[Example]:
    for id, row, label in zip(rows.ids, rows.rows.tolist(), rows.labels, strict=True):
        yield Example(id, _row(row), label, 1.0, ExampleSource.INITIAL)


def _reviewed(spec: TaskSpec, case: TrainingExample) -> Example | None:
    """None for a case of another input, which the task had before."""
    try:
        features = _row(vector_from(spec, case["features"]))
    except InvalidInput:
        return None
    weight, decided_at = float(case.get("weight", 1.0)), float(case["decided_at"])
    return Example(case["case_id"], features, case["label"], weight, ExampleSource.REVIEW, decided_at, case["reviewer"])


def _row(vector: Vector) -> Row:
    return form_of(vector).hashable(vector)


_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("features", pa.list_(pa.float64())),
        ("label", pa.string()),
        ("weight", pa.float64()),
        ("source", pa.string()),
        ("decided_at", pa.float64()),
        ("reviewer", pa.string()),
    ]
)
