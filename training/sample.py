"""Convert data sets to the arrays that models are fitted on."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hitl.adapters.files.data_sources import LabelledRows
from hitl.inference.rows import rows_of
from hitl.inference.sample import TrainingSample
from hitl.learning import DataSet


def sample_of(data: DataSet, labels: tuple[str, ...]) -> TrainingSample:
    rows = rows_of([example.features for example in data.examples])
    weights = np.array([example.weight for example in data.examples], dtype=np.float32)
    return TrainingSample(rows, _indices([example.label for example in data.examples], labels), weights, labels)


def held_out_sample(data: LabelledRows, labels: tuple[str, ...]) -> TrainingSample:
    rows = rows_of(data.rows.tolist())
    return TrainingSample(rows, _indices(data.labels, labels), np.ones(len(rows), dtype=np.float32), labels)


def _indices(names: Sequence[str], labels: tuple[str, ...]) -> NDArray[np.int64]:
    place = {label: index for index, label in enumerate(labels)}
    return np.array([place[name] for name in names], dtype=np.int64)
