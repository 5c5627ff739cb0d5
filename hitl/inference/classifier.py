"""What every model family offers to the product: probabilities for a batch of rows."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]
Probabilities = NDArray[np.float64]


class Classifier(Protocol):
    """A fitted model. ``labels`` are the task's, in its order; ``width`` is the number of features of a row."""

    @property
    def labels(self) -> tuple[str, ...]: ...

    @property
    def width(self) -> int: ...

    def predict(self, rows: Rows) -> Probabilities:
        """The probabilities ``(n, classes)`` of rows ``(n, width)``: finite, each row sums to 1, columns follow ``labels``.
        Row i depends on row i alone. Safe to call from several threads."""

    def to_bytes(self) -> bytes:
        """The model as an artifact that hitl.inference.load reads back with the same predictions."""
