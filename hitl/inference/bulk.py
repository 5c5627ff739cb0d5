"""Score whole tables with one model: label, confidence and uncertainty for each row.

A row that does not fit the task's schema gets nulls, so that one bad row does not cost the others their scores.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hitl.errors import InvalidInput
from hitl.inference.classifier import Classifier
from hitl.inference.rows import Rows
from hitl.quality.arrays import Bools, Floats
from hitl.quality.calibration import apply
from hitl.routing.prediction import ENTROPY_EPSILON

ROWS_AT_ONCE = 4096
"""That the model sees: what it computes on the way stays in a core's own cache."""

SCORES = ("label", "probability", "entropy", "model_version")
"""The columns that are added; entropy in nats."""


class TableInput(Protocol):
    """A task's input as tables hold it (hitl.tasks.inputs)."""

    @property
    def columns(self) -> list[str]: ...

    def read_table(self, table: pa.Table) -> tuple[Rows, Bools]: ...


class ReadsTables(Protocol):
    """A task whose input can be read from tables: hitl.tasks.TaskSpec."""

    @property
    def input(self) -> TableInput: ...


def scored(table: pa.Table, spec: ReadsTables, classifier: Classifier, version: str) -> pa.Table:
    """Return the columns of ``table`` that are no input of the task, and SCORES behind them. Raises InvalidInput without the
    columns of the input."""
    missing = [name for name in spec.input.columns if name not in table.column_names]
    if missing:
        raise InvalidInput(f"/{missing[0]}", f"a column {missing[0]!r}")
    rows, fits = spec.input.read_table(table)
    columns = _scores(classifier, rows, fits, version)
    kept = [name for name in table.column_names if name not in {*spec.input.columns, *SCORES}]
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
    """Return ``texts[which]`` as a dictionary array, four bytes a row; null where ``nulls`` says so."""
    return pa.DictionaryArray.from_arrays(pa.array(which, mask=nulls), pa.array(texts, pa.string()))
