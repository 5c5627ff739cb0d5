"""The interface of every model family: probabilities for a batch of rows."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hitl.quality.calibration import Calibrator

Rows = NDArray[Any]
"""``(n, width)`` float32 numbers, or ``(n,)`` texts (dtype object) for a model of width 0."""

Probabilities = NDArray[np.float64]


class Classifier(Protocol):
    """A fitted model. ``labels`` are the task's, in its order; ``width`` is the number of features of a row,
    0 for a model that reads a text."""

    @property
    def labels(self) -> tuple[str, ...]: ...

    @property
    def width(self) -> int: ...

    @property
    def calibration(self) -> Calibrator | None:
        """The calibration of its confidence; None: nothing was fitted. Part of the artifact."""

    def predict(self, rows: Rows) -> Probabilities:
        """The probabilities ``(n, classes)`` of rows: finite, each row sums to 1, columns follow ``labels``.
        Row i depends on row i alone, and no calibration is applied. Safe to call from several threads."""

    def calibrated(self, calibration: Calibrator | None) -> "Classifier":
        """The same model with this calibration."""

    def to_bytes(self) -> bytes:
        """The model as an artifact that hitl.inference.load reads back with the same predictions."""


BLANK_TEXT = "a message of ordinary length that says nothing, and says it in so many words"


def rows_of(vectors: Sequence[Any] | Rows) -> Rows:
    """The rows of these vectors (hitl.tasks.vector_from), all of one task."""
    is_text = len(vectors) > 0 and isinstance(vectors[0], str)
    return np.array(vectors, dtype=object if is_text else np.float32)


def blank_rows(width: int, n: int, first: int = 0) -> Rows:
    """``n`` rows that say nothing, to try a model with. Texts are numbered from ``first`` on: a model that remembers what it has
    read is not quick because of that."""
    if width:
        return np.zeros((n, width), dtype=np.float32)
    return np.array([f"{BLANK_TEXT}, {number}" for number in range(first, first + n)], dtype=object)
