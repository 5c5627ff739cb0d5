"""Training data as arrays: what every model family is fitted on."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from hitl.inference.rows import Rows

Hyperparameters: TypeAlias = dict[str, str | int | float | bool]
"""What a family is told beside the rows, by name, as task files and tuning write it."""


@dataclass(frozen=True, slots=True)
class TrainingSample:
    """``rows`` as hitl.inference.rows.Rows, ``targets`` ``(n,)`` as indices into ``labels``, ``weights`` ``(n,)``."""

    rows: Rows
    targets: NDArray[np.int64]
    weights: NDArray[np.float32]
    labels: tuple[str, ...]

    def take(self, indices: NDArray[np.int64]) -> "TrainingSample":
        return TrainingSample(self.rows[indices], self.targets[indices], self.weights[indices], self.labels)
