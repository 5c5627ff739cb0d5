"""Data of one model's charts: the effect of other thresholds, and calibration."""

from dataclasses import dataclass

import numpy as np

from hitl.quality.answer_columns import AnswerColumns
from hitl.quality.arrays import Bools, Ints
from hitl.quality.interval import Interval
from hitl.quality.weighted import Blind, blind_sample, rates_of, running_sums, weighted_rate

MOST_ANSWERS = 10_000
"""The newest ones: more would not be seen in a picture."""
MOST_POINTS = 40
BINS = 10
SEED = 0
RESAMPLED = 300


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """Deciding alone at ``threshold`` and above: the ``coverage`` of all cases in [0, 1], and the error rate (``risk``) there."""

    threshold: float
    coverage: float
    risk: Interval


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Answers with a confidence in (``low``, ``high``]: the mean ``confidence`` that the model states, and the share that is
    right."""

    low: float
    high: float
    confidence: float
    accuracy: Interval


@dataclass(frozen=True, slots=True)
class Reliability:
    """Calibration: the bins that hold an answer, from low to high, and ``ece``, the expected calibration error in [0, 1]."""

    bins: list[CalibrationBin]
    ece: Interval


@dataclass(frozen=True, slots=True)
class ModelCurves:
    """One version's charts from ``labels`` blind answers. ``missing`` says why there are none, None where there are."""

    labels: int
    risk_coverage: list[RiskPoint]
    reliability: Reliability
    missing: str | None


def risk_coverage(sample: Blind) -> list[RiskPoint]:
    """Return at most MOST_POINTS thresholds, from the surest to the lowest score; equal scores stand on one side of every
    threshold."""
    if not len(sample):
        return []
    sums = running_sums(sample)
    ends = np.flatnonzero(np.append(np.diff(sample.scores) != 0, True))
    kept = ends[np.unique(np.linspace(0, len(ends) - 1, MOST_POINTS).round().astype(int))]
    coverage = sums[1] / sums[1, -1]
    risks = rates_of(sums[:, kept])
    return [RiskPoint(float(sample.scores[at]), float(coverage[at]), risk) for at, risk in zip(kept, risks, strict=True)]


def reliability_bins(sample: Blind) -> list[CalibrationBin]:
    """For confidences in (low, high]: what the model says on average, and the share that is right; empty bins are left out."""
    where = _bin_of(sample)
    return [_bin(sample, where == at, at) for at in range(BINS) if (where == at).any()]


def calibration_error(sample: Blind, confidence: float = 0.95) -> Interval:
    """The mean distance between confidence and accuracy over the bins, each answer by its weight; its interval by resampling.
    Resampled values lie higher than the figure when it is small: read it as an upper limit."""
    n = len(sample)
    if not n:
        return Interval(None, 0.0, 1.0, 0, confidence, "bootstrap")
    gaps = np.eye(BINS)[_bin_of(sample)] * (sample.weights * (sample.scores - ~sample.wrong))[:, None]
    drawn = np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), size=RESAMPLED)
    resampled = np.abs(drawn @ gaps).sum(axis=1) / (drawn @ sample.weights)
    value = float(np.abs(gaps.sum(axis=0)).sum() / sample.weights.sum())
    low, high = np.quantile(resampled, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Interval(value, float(min(low, value)), float(max(high, value)), n, confidence, "bootstrap")


def model_curves(answers: AnswerColumns, model: str | None) -> ModelCurves:
    """The charts of ``model`` from the blind answers to its cases; None where no model serves."""
    ours = answers.of_kind(lambda kind: model is not None and kind.model_version == model)
    sample = blind_sample(answers.where(np.flatnonzero(ours)[-MOST_ANSWERS:]))
    reliability = Reliability(reliability_bins(sample), calibration_error(sample))
    return ModelCurves(len(sample), risk_coverage(sample), reliability, _missing(model, len(sample)))


def _missing(model: str | None, labels: int) -> str | None:
    if model is None:
        return "no model serves this task yet"
    return None if labels else f"nobody has answered a blind check of version {model[:12]} yet"


def _bin_of(sample: Blind) -> Ints:
    return np.clip(np.ceil(sample.scores * BINS).astype(np.int64) - 1, 0, BINS - 1)


def _bin(sample: Blind, rows: Bools, at: int) -> CalibrationBin:
    weights = sample.weights[rows]
    said = float(np.average(sample.scores[rows], weights=weights))
    right = weighted_rate(weights, (~sample.wrong[rows]).astype(np.float64))
    return CalibrationBin(at / BINS, (at + 1) / BINS, said, right)
