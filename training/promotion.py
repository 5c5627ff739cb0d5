"""The promotion pack of a candidate: both models on the held-out rows, timed, and on past corrections."""

import time
from collections.abc import Mapping

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
TIMED_S, FEWEST = 15.0, 3
"""A model that takes long, as one of pictures does, is timed this long, but for FEWEST batches at least."""


def pack_of(
    spec: TaskSpec,
    held_out: TrainingSample,
    data: DataSet,
    challenger: NamedModel,
    champion: Champion | None,
    as_served: Mapping[str, Classifier] | None = None,
) -> PromotionPack:
    """Return the evidence. ``as_served`` are the models to time, by digest, where those that are measured remember rows."""
    models = [challenger, champion] if champion else [challenger]
    timed = {each.digest: each.model for each in models} | dict(as_served or {})
    timings = {each.digest: _timing(timed[each.digest], held_out) for each in models}
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
    """Of TIMES batches, or as many as TIMED_S allows; the first one pays for what is only done once."""
    rows = held_out.rows[:TIMED_ROWS]
    took = list[float]()
    while len(took) <= FEWEST or (len(took) <= TIMES and sum(took) < TIMED_S):
        start = time.perf_counter()
        model.predict(rows)
        took.append(time.perf_counter() - start)
    median, p99 = np.quantile(took[1:], [0.5, 0.99]) * 1000
    return Timing(float(median), float(p99))
