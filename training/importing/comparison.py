"""Compare an imported model with the original, row by row, on real rows: converters have been wrong before."""

from dataclasses import asdict, dataclass

import numpy as np

from hitl.canonical import JsonObject
from hitl.errors import InvalidConfig
from hitl.inference.classifier import Classifier, Probabilities
from hitl.inference.rows import Rows
from training.importing.original import Original

MIN_ROWS = 200
WITHIN = 1e-4
"""The largest difference of a probability that is float32's and no converter's."""


@dataclass(frozen=True, slots=True)
class ConversionCheck:
    """On ``rows`` rows: how many got another label, and the largest difference of a probability."""

    rows: int
    other_labels: int
    largest_difference: float

    def plain(self) -> JsonObject:
        return asdict(self)


def compare_with_original(original: Original, imported: Classifier, rows: Rows) -> ConversionCheck:
    """Raises InvalidConfig for too few rows, and for a model that does not answer as its original did."""
    if len(rows) < MIN_ROWS:
        why = f"{len(rows)} rows to compare on, {MIN_ROWS} are needed: give the task's data source more"
        raise InvalidConfig("data", "rows", why)
    return compare_answers(original.predict(np.asarray(rows, dtype=np.float32)), imported.predict(rows))


def compare_answers(before: Probabilities, after: Probabilities) -> ConversionCheck:
    """Compare probabilities of shape ``(n, classes)``. Raises InvalidConfig where a row of ``after`` has another label than in
    ``before``, or a probability that differs by more than WITHIN."""
    found = ConversionCheck(
        len(before), int((before.argmax(axis=1) != after.argmax(axis=1)).sum()), float(np.abs(before - after).max())
    )
    # a difference that is no number is no small one
    if found.other_labels or not found.largest_difference <= WITHIN:
        why = (
            f"of {found.rows} rows {found.other_labels} get another label, probabilities differ by {found.largest_difference:.3g}"
        )
        raise InvalidConfig("model", "conversion", why)
    return found
