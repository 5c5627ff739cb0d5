"""Training data as arrays, converted from a data set."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hitl.adapters.files.data_sources import Labelled
from hitl.inference.classifier import Rows, rows_of
from hitl.learning import DataSet


@dataclass(frozen=True, slots=True)
class Sample:
    """``rows`` as hitl.inference.classifier.Rows, ``targets`` ``(n,)`` as indices into ``labels``, ``weights`` ``(n,)``."""

    rows: Rows
    targets: NDArray[np.int64]
    weights: NDArray[np.float32]
    labels: tuple[str, ...]

    def take(self, indices: NDArray[np.int64]) -> "Sample":
        return Sample(self.rows[indices], self.targets[indices], self.weights[indices], self.labels)


def sample_of(data: DataSet, labels: tuple[str, ...]) -> Sample:
    rows = rows_of([example.features for example in data.examples])
    weights = np.array([example.weight for example in data.examples], dtype=np.float32)
    return Sample(rows, _indices([example.label for example in data.examples], labels), weights, labels)


def held_out_sample(data: Labelled, labels: tuple[str, ...]) -> Sample:
    rows = rows_of(data.rows.tolist())
    return Sample(rows, _indices(data.labels, labels), np.ones(len(rows), dtype=np.float32), labels)


def _indices(names: Sequence[str], labels: tuple[str, ...]) -> NDArray[np.int64]:
    place = {label: index for index, label in enumerate(labels)}
    return np.array([place[name] for name in names], dtype=np.int64)
