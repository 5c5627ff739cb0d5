"""The promotion pack of a candidate: both models on the held-out rows, timed, and on past corrections."""

import time

import numpy as np

from hitl.canonical import fingerprint
from hitl.inference import Classifier
from hitl.inference.sample import TrainingSample
from hitl.learning import DataSet
from hitl.learning.dataset import ExampleSource, plain
from hitl.learning.pack_form import PromotionPack
from hitl.learning.promotion_pack import Model, PromotionTerms, Rows, promotion_pack
from hitl.quality.calibration import apply
from hitl.quality.certificate import RiskLevel
from hitl.routing.policy import WHOLE
from hitl.tasks import TaskSpec
from training.evaluation import Champion
from training.sample import sample_of

TIMED_ROWS = 64
TIMES = 100
"""Batches: the 99th percentile of fewer is only their maximum."""


def pack_of(
    spec: TaskSpec, held_out: TrainingSample, data: DataSet, candidate: tuple[str, Classifier], champion: Champion | None
) -> PromotionPack:
    """The evidence; ``candidate`` is its digest and the model."""
    models = [candidate] + ([(champion.digest, champion.model)] if champion else [])
    answers = [_answers(digest, model, held_out) for digest, model in models]
    ids = [fingerprint(plain(row))[:12] for row in held_out.rows]
    rows = Rows(spec.labels, held_out.targets, ids, [WHOLE] * len(ids), "held out")
    risk = spec.configured_policy().risk_of(WHOLE)
    terms = PromotionTerms(
        risk=None if risk is None else RiskLevel(risk.level, risk.confidence),
        automatic=spec.policy.automatic,
        by_label=spec.policy.segments.by_label,
        corrections={digest: _kept(model, data, champion) for digest, model in models},
    )
    return promotion_pack(rows, answers[0], answers[1] if champion else None, terms)


def _answers(digest: str, model: Classifier, held_out: TrainingSample) -> Model:
    said = apply(model.calibration, model.predict(held_out.rows))
    median_ms, p99_ms = _latency_ms(model, held_out)
    return Model(digest, said.probabilities, median_ms, said.confidence, p99_ms)


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


def _latency_ms(model: Classifier, held_out: TrainingSample) -> tuple[float, float]:
    """The median and the 99th percentile of TIMES batches; the first one pays for what is only done once."""
    rows = held_out.rows[:TIMED_ROWS]
    took = []
    for _ in range(TIMES + 1):
        start = time.perf_counter()
        model.predict(rows)
        took.append(time.perf_counter() - start)
    median, p99 = np.quantile(took[1:], [0.5, 0.99]) * 1000
    return float(median), float(p99)
