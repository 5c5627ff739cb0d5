"""The figures of a candidate and of the serving model on the rows that neither learned from.

Training claims them, and the service computes them again from the same bytes and rows: both call these functions.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TypedDict

import numpy as np

from hitl.canonical import JsonObject, fingerprint
from hitl.inference.classifier import Classifier
from hitl.inference.sample import TrainingSample
from hitl.learning.dataset import plain
from hitl.learning.evidence import HeldOutFigures, PairedCounts, compare, judge
from hitl.learning.pack_form import PromotionPack
from hitl.learning.promotion_pack import Model, PromotionTerms, Rows, promotion_pack
from hitl.quality.calibration import apply, expected_calibration_error, plain_of, reliability, saturated_share, version_of
from hitl.quality.certificate import RiskLevel
from hitl.quality.held_out import HeldOutScores, held_out_scores
from hitl.quality.interval import IntervalFields
from hitl.routing.policy import WHOLE
from hitl.tasks import TaskSpec

SEED = 0
"""Of the resampling behind the intervals."""


@dataclass(frozen=True, slots=True)
class NamedModel:
    """``model`` as loaded from the bytes that ``digest`` names."""

    digest: str
    model: Classifier


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of a batch: the median and the 99th percentile."""

    median_ms: float
    p99_ms: float


class Believability(TypedDict):
    """Calibration on rows that neither trained nor calibrated the model: the calibrator with its version, None where it has none;
    the calibration error after and before it; the bins of the reliability curve; the share of rows with the highest confidence.
    """

    calibration: JsonObject | None
    ece: IntervalFields
    ece_before: IntervalFields
    reliability: list[JsonObject]
    saturated_share: float


class ModelVerdict(HeldOutFigures):
    """A model's figures as it would serve, with those of its calibration."""

    believability: Believability


class ChampionVerdict(ModelVerdict):
    """The figures of the model that serves now."""

    digest: str


class Verdicts(TypedDict):
    """Each model's figures; ``champion`` and ``comparison`` are None for a task's first model."""

    candidate: ModelVerdict
    champion: ChampionVerdict | None
    comparison: PairedCounts | None
    held_out: HeldOutScores


def verdicts(spec: TaskSpec, held_out: TrainingSample, candidate: Classifier, champion: NamedModel | None) -> Verdicts:
    """Return each model's figures and, with a champion, where the two differ."""
    band, after = spec.policy.automatic, candidate.predict(held_out.rows)
    judged = _judged(candidate, held_out, band)
    scores = _scores(candidate, held_out)
    if champion is None:
        return {"candidate": judged, "champion": None, "comparison": None, "held_out": scores}
    before = champion.model.predict(held_out.rows)
    return {
        "candidate": judged,
        "champion": {**_judged(champion.model, held_out, band), "digest": champion.digest},
        "comparison": compare(after, before, held_out.targets),
        "held_out": scores,
    }


def _scores(candidate: Classifier, held_out: TrainingSample) -> HeldOutScores:
    """Return the candidate's scores as it would serve: where the tests of its certificate begin."""
    said = apply(candidate.calibration, candidate.predict(held_out.rows))
    predicted = said.probabilities.argmax(axis=1)
    return held_out_scores(said.confidence, predicted, predicted != held_out.targets, held_out.labels)


def believability(model: Classifier, held_out: TrainingSample, seed: int) -> Believability:
    """Calibration on rows that neither trained nor calibrated the model, as JSON."""
    probabilities = model.predict(held_out.rows)
    said, right = apply(model.calibration, probabilities), probabilities.argmax(axis=1) == held_out.targets
    calibration = model.calibration
    return {
        "calibration": None if calibration is None else plain_of(calibration) | {"version": version_of(calibration)},
        "ece": expected_calibration_error(said.confidence, right, np.random.default_rng(seed)).plain(),
        "ece_before": expected_calibration_error(said.raw, right, np.random.default_rng(seed)).plain(),
        "reliability": [asdict(each) for each in reliability(said.confidence, right)],
        "saturated_share": saturated_share(said.confidence),
    }


def pack_on_held_out(
    spec: TaskSpec,
    held_out: TrainingSample,
    candidate: NamedModel,
    champion: NamedModel | None,
    timings: Mapping[str, Timing] | None = None,
    corrections: Mapping[str, tuple[int, int]] | None = None,
) -> PromotionPack:
    """Return the promotion pack. ``timings`` and ``corrections`` (as in PromotionTerms) are by digest; without them it has
    none."""
    models = [candidate, champion] if champion else [candidate]
    answers = [_answers(each, held_out, (timings or {}).get(each.digest)) for each in models]
    ids = [fingerprint(plain(row))[:12] for row in held_out.rows]
    rows = Rows(spec.labels, held_out.targets, ids, [WHOLE] * len(ids), "held out")
    return promotion_pack(rows, answers[0], answers[1] if champion else None, _terms(spec, corrections or {}))


def _terms(spec: TaskSpec, corrections: Mapping[str, tuple[int, int]]) -> PromotionTerms:
    risk = spec.configured_policy().risk_of(WHOLE)
    return PromotionTerms(
        risk=None if risk is None else RiskLevel(risk.level, risk.confidence),
        automatic=spec.policy.automatic,
        by_label=spec.policy.segments.by_label,
        corrections=corrections,
    )


def _answers(named: NamedModel, held_out: TrainingSample, timing: Timing | None) -> Model:
    said = apply(named.model.calibration, named.model.predict(held_out.rows))
    if timing is None:
        return Model(named.digest, said.probabilities, None, said.confidence)
    return Model(named.digest, said.probabilities, timing.median_ms, said.confidence, timing.p99_ms)


def _judged(model: Classifier, held_out: TrainingSample, band: float) -> ModelVerdict:
    """Return the model's figures as it would serve: calibrated."""
    said = apply(model.calibration, model.predict(held_out.rows))
    figures = judge(said.probabilities, held_out.targets, held_out.labels, band, said.confidence)
    return {**figures, "believability": believability(model, held_out, SEED)}
