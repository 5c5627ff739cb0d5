"""The model that decides while speed is measured: a perceptron of 64 units, as in the references, that has learnt digits."""

import numpy as np

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.canonical import digest_of
from hitl.inference import TorchMlp, pack, torch_fit
from hitl.inference.sample import TrainingSample
from tests.running import Running, rows, task_spec

UNSEEN = 1000
"""The rows that are sent, the first of those that nobody has labelled yet."""


def trained(found: Running) -> str:
    """A model in the artifact store that learnt from every row but those that are sent and those held out. Returns its digest."""
    spec, data = task_spec("digits"), rows("digits")
    images = [*data.initial.rows, *data.rest.rows[UNSEEN:]]
    labels = [*data.initial.labels, *data.rest.labels[UNSEEN:]]
    targets = np.array([spec.labels.index(label) for label in labels], dtype=np.int64)
    weights = np.ones(len(labels), dtype=np.float32)
    sample = TrainingSample(np.array(images, dtype=np.float32), targets, weights, tuple(spec.labels))
    artifact = pack(TorchMlp(tuple(spec.labels), torch_fit.fit(sample, {}, seed=0), {}))
    assert ArtifactStore(found.state.artifact_uri).put(artifact) == digest_of(artifact)
    return digest_of(artifact)
