"""Convert labelled rows of a data source to the arrays that models are fitted on and measured with."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hitl.adapters.files.data_sources import LabelledRows
from hitl.inference.rows import rows_of
from hitl.inference.sample import TrainingSample


def held_out_sample(data: LabelledRows, labels: tuple[str, ...]) -> TrainingSample:
    """Return every row with the weight 1."""
    rows = rows_of(data.rows.tolist())
    return TrainingSample(rows, indices_of(data.labels, labels), np.ones(len(rows), dtype=np.float32), labels)


def indices_of(names: Sequence[str], labels: tuple[str, ...]) -> NDArray[np.int64]:
    """Return the place of each name among ``labels``."""
    place = {label: index for index, label in enumerate(labels)}
    return np.array([place[name] for name in names], dtype=np.int64)
