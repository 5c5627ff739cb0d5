"""The promotion pack of a candidate: both models on the held-out rows, timed, and on past corrections."""

import time

import numpy as np

from hitl.inference import Classifier
from hitl.inference.sample import TrainingSample
from hitl.learning import DataSet
from hitl.learning.dataset import ExampleSource
from hitl.learning.held_out import NamedModel, Timing, pack_on_held_out
from hitl.learning.pack_form import PromotionPack
from hitl.tasks import TaskSpec
from training.evaluation import Champion
from training.sample import sample_of

TIMED_ROWS = 64
TIMES = 100
"""Batches: the 99th percentile of fewer is only their maximum."""


def pack_of(
    spec: TaskSpec, held_out: TrainingSample, data: DataSet, candidate: tuple[str, Classifier], champion: Champion | None
) -> PromotionPack:
    """Return the evidence; ``candidate`` is its digest and the model."""
    challenger = NamedModel(*candidate)
    models = [challenger, champion] if champion else [challenger]
    timings = {each.digest: _timing(each.model, held_out) for each in models}
    corrections = {each.digest: _kept(each.model, data, champion) for each in models}
    return pack_on_held_out(spec, held_out, challenger, champion, timings, corrections)


def _kept(model: Classifier, data: DataSet, champion: Champion | None) -> tuple[int, int]:
    """Count people's corrections of the champion that the model now gives."""
    reviewed = tuple(example for example in data.examples if example.source is ExampleSource.REVIEW)
    if champion is None or not reviewed:
        return 0, 0
    part = DataSet(data.task, reviewed, data.held_out_digest, data.held_out_rows, 0)
    sample = sample_of(part, model.labels)
    corrected = champion.model.predict(sample.rows).argmax(axis=1) != sample.targets
    kept = model.predict(sample.rows).argmax(axis=1) == sample.targets
    return int((kept & corrected).sum()), int(corrected.sum())


def _timing(model: Classifier, held_out: TrainingSample) -> Timing:
    """Of TIMES batches; the first one pays for what is only done once."""
    rows = held_out.rows[:TIMED_ROWS]
    took = []
    for _ in range(TIMES + 1):
        start = time.perf_counter()
        model.predict(rows)
        took.append(time.perf_counter() - start)
    median, p99 = np.quantile(took[1:], [0.5, 0.99]) * 1000
    return Timing(float(median), float(p99))
