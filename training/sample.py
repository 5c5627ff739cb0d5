"""Convert data sets to the arrays that models are fitted on."""

import numpy as np

from hitl.adapters.files.labelled_sample import indices_of
from hitl.inference.rows import rows_of
from hitl.inference.sample import TrainingSample
from hitl.learning import DataSet


def sample_of(data: DataSet, labels: tuple[str, ...]) -> TrainingSample:
    rows = rows_of([example.features for example in data.examples])
    weights = np.array([example.weight for example in data.examples], dtype=np.float32)
    return TrainingSample(rows, indices_of([example.label for example in data.examples], labels), weights, labels)
