"""Heads over an encoder, with few labels and with many: made, calibrated and judged as a retraining does it, without a service.

Then a threshold is certified on rows that neither model saw, and its error is counted on the last ones.
"""

from collections.abc import Sequence
from typing import Any, TypedDict

import numpy as np

from hitl.inference import load
from hitl.inference.classifier import Classifier
from hitl.inference.sample import TrainingSample
from hitl.learning.evidence import compare
from hitl.quality.calibration import apply, expected_calibration_error
from hitl.quality.certificate import RiskLevel, ScoredSample, Versions, certify, threshold_grid
from hitl.tasks import TaskSpec
from training.calibrate import calibrate, keep_back
from training.encoding import Encoding
from training.model import fit_and_pack
from training.trial import cross_validate

FEW, MANY, HELD_OUT, PROVING, AFTER = 100, 500, 300, 400, 300
"""Rows that the first and the second model learn from, that judge both, that certify, and that count the error afterwards."""

ROWS = HELD_OUT + MANY + PROVING + AFTER
LEVELS = (0.05, 0.1, 0.2)


class Certified(TypedDict):
    """A threshold, the share of later pictures that it lets through, and how many of those are wrong; None: refused."""

    threshold: float | None
    share: float
    through: int
    wrong: int


def heads_compared(
    spec: TaskSpec, encoding: Encoding, everything: TrainingSample, strengths: Sequence[float], levels: Sequence[float] = LEVELS
) -> dict[str, Any]:
    """Compare two heads on ``everything``, ROWS vectors in a random order; ``strengths`` are the values of C that are tried."""
    held_out, learn, proving, after = _parts(everything)
    models = [_model(spec, encoding, learn.take(np.arange(count)), strengths) for count in (FEW, MANY)]
    said = [model.predict(held_out.rows) for model in models]
    return {
        "encoder": encoding.encoder.digest,
        "labels": [FEW, MANY],
        "accuracy": [float((each.argmax(axis=1) == held_out.targets).mean()) for each in said],
        "ece": [_ece(model, held_out) for model in models],
        "comparison": compare(said[1], said[0], held_out.targets),
        "certified": {str(level): [_certified(model, held_out, proving, after, level) for model in models] for level in levels},
    }


def _parts(sample: TrainingSample) -> list[TrainingSample]:
    """Held out, to learn from, to certify on, and the rest; the order is random already."""
    return [sample.take(part) for part in np.split(np.arange(len(sample.rows)), np.cumsum([HELD_OUT, MANY, PROVING]))]


def _model(spec: TaskSpec, encoding: Encoding, sample: TrainingSample, strengths: Sequence[float]) -> Classifier:
    """As a retraining: search by cross-validation, fit, join, calibrate on what was kept back."""
    fitting, kept = keep_back(sample, spec.model.calibration, 0)
    losses = [cross_validate(spec.model, fitting, {"C": strength}, 0)["log_loss"] for strength in strengths]
    best = strengths[int(np.argmin(losses))]
    packed = encoding.joined(fit_and_pack(spec.model.family, fitting, {"C": best}, 0), tuple(spec.labels))
    return load(calibrate(packed, kept, spec), tuple(spec.labels), spec.width)


def _scored(model: Classifier, sample: TrainingSample) -> ScoredSample:
    said = apply(model.calibration, model.predict(sample.rows))
    return ScoredSample(said.confidence, said.probabilities.argmax(axis=1) != sample.targets)


def _ece(model: Classifier, held_out: TrainingSample) -> float:
    scored = _scored(model, held_out)
    found = expected_calibration_error(scored.scores, ~scored.wrong, np.random.default_rng(0))
    return float(found.plain()["value"] or 0.0)


def _certified(
    model: Classifier, held_out: TrainingSample, proving: TrainingSample, after: TrainingSample, level: float
) -> Certified:
    risk = RiskLevel(level, 0.9)
    grid = threshold_grid(_scored(model, held_out).scores, len(proving.rows), risk)
    threshold = certify(_scored(model, proving), grid, risk, Versions("cases", "head", "bench")).threshold
    later = _scored(model, after)
    if threshold is None:
        return {"threshold": None, "share": 0.0, "through": 0, "wrong": 0}
    through = later.scores >= threshold
    return {
        "threshold": float(threshold),
        "share": float(through.mean()),
        "through": int(through.sum()),
        "wrong": int(later.wrong[through].sum()),
    }
