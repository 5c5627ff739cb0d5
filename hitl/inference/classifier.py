"""The interface of every model family: probabilities for a batch of rows."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hitl.inference.rows import Rows
from hitl.quality.calibration import Calibrator

Probabilities = NDArray[np.float64]


class Classifier(Protocol):
    """A fitted model. ``labels`` are the task's, in its order; ``width`` is the number of features of a row,
    0 for a model that reads a text, DECLARED_WIDTH (hitl.inference.rows) for one whose answers clients declare."""

    @property
    def labels(self) -> tuple[str, ...]: ...

    @property
    def width(self) -> int: ...

    @property
    def calibration(self) -> Calibrator | None:
        """The calibration of its confidence; None: nothing was fitted. Part of the artifact."""

    def predict(self, rows: Rows) -> Probabilities:
        """Return the probabilities ``(n, classes)`` of rows: finite, each row sums to 1, columns follow ``labels``.
        Row i depends on row i alone, and no calibration is applied. Safe to call from several threads."""

    def calibrated(self, calibration: Calibrator | None) -> "Classifier":
        """Return the same model with this calibration."""

    def to_bytes(self) -> bytes:
        """Return the model as an artifact that hitl.inference.load reads back with the same predictions."""
