"""Score whole tables with one model: label, confidence and uncertainty for each row.

A row that does not fit the task's schema gets nulls, so that one bad row does not cost the others their scores.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hitl.errors import InvalidInput
from hitl.inference.classifier import Classifier
from hitl.inference.rows import Rows, rows_of
from hitl.quality.arrays import Bools, Floats
from hitl.quality.calibration import apply
from hitl.routing.prediction import ENTROPY_EPSILON
from hitl.tasks import TaskSpec, vector_from
from hitl.tasks.input_spec import FieldsInput, TextInput, VectorInput

ROWS_AT_ONCE = 4096
"""That the model sees: what it computes on the way stays in a core's own cache."""

FEATURES = "features"
SCORES = ("label", "probability", "entropy", "model_version")
"""The columns that are added; entropy in nats."""


def input_columns(spec: TaskSpec) -> list[str]:
    """The columns that the task's input is read from: ``features`` (a list of numbers), a text, or one a field."""
    if isinstance(spec.input, VectorInput):
        return [FEATURES]
    return [spec.input.field] if isinstance(spec.input, TextInput) else [field.name for field in spec.input.fields]


def scored(table: pa.Table, spec: TaskSpec, classifier: Classifier, version: str) -> pa.Table:
    """The columns of ``table`` that are no input of the task, and SCORES behind them. Raises InvalidInput without the columns
    of the input."""
    missing = [name for name in input_columns(spec) if name not in table.column_names]
    if missing:
        raise InvalidInput(f"/{missing[0]}", f"a column {missing[0]!r}")
    rows, fits = _rows(table, spec)
    columns = _scores(classifier, rows, fits, version)
    kept = [name for name in table.column_names if name not in {*input_columns(spec), *SCORES}]
    return pa.table({**{name: table[name] for name in kept}, **columns})


def _scores(classifier: Classifier, rows: Rows, fits: Bools, version: str) -> dict[str, pa.Array]:
    """``rows`` are those that fit, in order; the others are null."""
    which, probability, entropy = (_spread(each, fits) for each in _said(classifier, rows))
    nulls = None if len(rows) == len(fits) else ~fits
    return {
        "label": _texts(classifier.labels, which, nulls),
        "probability": pa.array(probability, mask=nulls),
        "entropy": pa.array(entropy, mask=nulls),
        "model_version": _texts([version], np.zeros(len(fits), dtype=np.int32), nulls),
    }


def _said(classifier: Classifier, rows: Rows) -> tuple[NDArray[np.int32], Floats, Floats]:
    """For each of ``rows`` its label's number, the probability and the entropy."""
    if not len(rows):
        return np.zeros(0, dtype=np.int32), np.zeros(0), np.zeros(0)
    parts = [classifier.predict(rows[first : first + ROWS_AT_ONCE]) for first in range(0, len(rows), ROWS_AT_ONCE)]
    said = apply(classifier.calibration, np.concatenate(parts))
    likely, logs = said.probabilities, np.log(said.probabilities + ENTROPY_EPSILON)
    return likely.argmax(axis=1).astype(np.int32), said.confidence, -np.einsum("ij,ij->i", likely, logs)


def _spread(values: NDArray[Any], fits: Bools) -> NDArray[Any]:
    """``values`` where ``fits`` says so, and zeros between them."""
    if len(values) == len(fits):
        return values
    spread = np.zeros(len(fits), dtype=values.dtype)
    spread[fits] = values
    return spread


def _texts(texts: Sequence[str], which: NDArray[np.int32], nulls: Bools | None) -> pa.Array:
    """``texts[which]`` as a dictionary array, four bytes a row; null where ``nulls`` says so."""
    return pa.DictionaryArray.from_arrays(pa.array(which, mask=nulls), pa.array(texts, pa.string()))


def _rows(table: pa.Table, spec: TaskSpec) -> tuple[Rows, Bools]:
    """The rows that fit, and a truth for each row of ``table``."""
    if isinstance(spec.input, VectorInput):
        chunks = table[FEATURES]
        column = chunks.chunk(0) if chunks.num_chunks == 1 else chunks.combine_chunks()  # which copies even one
        if (
            pa.types.is_list(column.type)
            and not column.null_count
            and pc.all(pc.equal(pc.list_value_length(column), spec.input.size)).as_py()
        ):
            return _from_lists(column, spec.input)
    vectors = [_vector(spec, row) for row in table.select(input_columns(spec)).to_pylist()]
    fits = np.array([vector is not None for vector in vectors], dtype=np.bool_)
    return rows_of([vector for vector in vectors if vector is not None]), fits


def _from_lists(column: pa.ListArray, schema: VectorInput) -> tuple[Rows, Bools]:
    numbers = column.flatten().to_numpy(zero_copy_only=False).reshape(len(column), schema.size)
    if numbers.size and schema.min <= numbers.min() and numbers.max() <= schema.max:  # a NaN is the least and the largest
        return numbers.astype(np.float32), np.ones(len(column), dtype=np.bool_)
    fits = ((numbers >= schema.min) & (numbers <= schema.max)).all(axis=1)  # a null is no number, and within nothing
    return numbers[fits].astype(np.float32), fits


def _vector(spec: TaskSpec, row: dict[str, Any]) -> Any:
    """The model's input, or None."""
    if isinstance(spec.input, FieldsInput):
        features: Any = {name: value for name, value in row.items() if value is not None}
    else:
        features = row if isinstance(spec.input, TextInput) else row[FEATURES]
    try:
        return vector_from(spec, features)
    except InvalidInput:
        return None
