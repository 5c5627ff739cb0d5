"""Calibrate a model's probabilities, and measure how well they are calibrated.

Fitted on rows that neither trained the model nor certify it. Temperature (Guo et al. 2017) keeps every ranking and has one
number; isotonic regression (Zadrozny and Elkan 2002) bends the confidence freely and wants a thousand rows.
"""

from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

import numpy as np

from hitl.canonical import JsonObject, fingerprint
from hitl.quality.arrays import Bools, Floats, Ints
from hitl.quality.interval import Interval

TEMPERATURES = (0.05, 20.0)
"""The range that is searched; above 1 softens an over-confident model."""
TINY = 1e-12
MAX_POINTS = 10_000
"""Of an isotonic map: bounds what a file can make us read."""

BINS = 15
REPETITIONS = 500


@dataclass(frozen=True, slots=True)
class Temperature:
    """Divides the logits by ``temperature``."""

    temperature: float = 1.0

    def probabilities(self, probabilities: Floats) -> Floats:
        """Return ``(n, classes)`` calibrated; each row sums to 1 and keeps its order."""
        logits = np.log(np.maximum(probabilities, TINY)) / self.temperature
        likely = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(likely / likely.sum(axis=1, keepdims=True), dtype=np.float64)

    def confidence(self, probabilities: Floats) -> Floats:
        """Return ``(n,)``: the probability that the most probable label is right."""
        return np.asarray(self.probabilities(probabilities).max(axis=1), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Isotonic:
    """The confidence, mapped through rising straight lines between ``(at[i], to[i])``; flat outside."""

    at: tuple[float, ...]
    to: tuple[float, ...]

    def confidence(self, probabilities: Floats) -> Floats:
        """Return ``(n,)``: the probability that the most probable label is right."""
        return np.asarray(np.interp(probabilities.max(axis=1), self.at, self.to), dtype=np.float64)


Calibrator: TypeAlias = Temperature | Isotonic


def version_of(calibrator: Calibrator) -> str:
    """Its digest: what a certificate is bound to."""
    return fingerprint(plain_of(calibrator))


def plain_of(calibrator: Calibrator) -> JsonObject:
    """As JSON: how an artifact carries it."""
    return {"kind": type(calibrator).__name__.lower(), **asdict(calibrator)}


def calibrator_from(plain: object) -> Calibrator:
    """Return the calibrator of ``plain_of``. Raises ValueError for what is none: the file may be anybody's."""
    match plain:
        case {"kind": "temperature", "temperature": float(temperature)} if TEMPERATURES[0] <= temperature <= TEMPERATURES[1]:
            return Temperature(temperature)
        case {"kind": "isotonic", "at": [*at], "to": [*to]} if _is_rising(at, to):
            return Isotonic(tuple(map(float, at)), tuple(map(float, to)))
    raise ValueError("expected a temperature or an isotonic map")


def _is_rising(at: list[Any], to: list[Any]) -> bool:
    if not 1 <= len(at) == len(to) <= MAX_POINTS or not all(type(value) in (int, float) for value in (*at, *to)):
        return False
    x, y = np.array(at, dtype=np.float64), np.array(to, dtype=np.float64)
    return bool((np.diff(x) > 0).all() and (np.diff(y) >= 0).all() and y[0] >= 0 and y[-1] <= 1 and np.isfinite(x).all())


@dataclass(frozen=True, slots=True)
class Calibrated:
    """``probabilities`` (n, classes) as they are told, ``confidence`` (n,) and, before any calibration, ``raw`` (n,)."""

    probabilities: Floats
    confidence: Floats
    raw: Floats


def apply(calibrator: Calibrator | None, probabilities: Floats) -> Calibrated:
    """An isotonic map speaks of the most probable label alone: the probabilities stay the model's."""
    raw = np.asarray(probabilities.max(axis=1), dtype=np.float64)
    match calibrator:
        case None:
            return Calibrated(probabilities, raw, raw)
        case Temperature():
            scaled = calibrator.probabilities(probabilities)
            return Calibrated(scaled, np.asarray(scaled.max(axis=1), dtype=np.float64), raw)
        case Isotonic():
            return Calibrated(probabilities, calibrator.confidence(probabilities), raw)


def fit_temperature(probabilities: Floats, labels: Ints) -> Temperature:
    """Fit the temperature under which ``labels`` (n,) are the most probable; 1.0 without rows."""
    if not len(labels):
        return Temperature()
    rows = np.arange(len(labels))

    def loss(log_temperature: float) -> float:
        scaled = Temperature(float(np.exp(log_temperature))).probabilities(probabilities)
        return float(-np.mean(np.log(np.maximum(scaled[rows, labels], TINY))))

    from scipy.optimize import minimize_scalar  # only training fits: who serves starts without it

    best = minimize_scalar(loss, bounds=tuple(np.log(TEMPERATURES)), method="bounded")
    return Temperature(float(np.exp(best.x)))


def fit_isotonic(probabilities: Floats, labels: Ints) -> Isotonic:
    """Fit the rising map from confidence to the share of right labels. It never says 1.0: a level of n rows that were all right
    says (n + 1/2) / (n + 1) (Krichevsky and Trofimov), and so does each other by its own rows. Raises ValueError without rows."""
    if not len(labels):
        raise ValueError("expected rows to fit on, came none")
    from sklearn.isotonic import IsotonicRegression  # only training fits: who serves starts without it

    right = probabilities.argmax(axis=1) == labels
    fitted = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip").fit(probabilities.max(axis=1), right)
    levels, level, rows = np.unique(fitted.predict(probabilities.max(axis=1)), return_inverse=True, return_counts=True)
    shrunk = np.maximum.accumulate((np.bincount(level, right, len(levels)) + 0.5) / (rows + 1))
    to = np.interp(fitted.y_thresholds_, levels, shrunk)
    return Isotonic(tuple(map(float, fitted.X_thresholds_)), tuple(map(float, to)))


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """``count`` cases with a confidence in (low, high]: what the model said of them, and how many were right."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def reliability(confidence: Floats, right: Bools, bins: int = BINS) -> list[ReliabilityBin]:
    """Return the data of a reliability diagram; empty bins are left out."""
    where = _bin_of(confidence, bins)
    found = [(b, where == b) for b in range(bins) if (where == b).any()]
    return [
        ReliabilityBin(b / bins, (b + 1) / bins, int(rows.sum()), float(confidence[rows].mean()), float(right[rows].mean()))
        for b, rows in found
    ]


def expected_calibration_error(
    confidence: Floats, right: Bools, rng: np.random.Generator, bins: int = BINS, level: float = 0.95
) -> Interval:
    """The mean distance between what the model says and what is right, over equal-width bins (Naeini et al. 2015), with its
    interval by resampling rows. Resampled values lie higher than the figure when it is small: read it as an upper limit."""
    n = len(confidence)
    if not n:
        return Interval(None, 0.0, 1.0, 0, level, "bootstrap")
    where, gap = _bin_of(confidence, bins), confidence - right
    onto = np.eye(bins)[where] * gap[:, None]
    drawn = rng.multinomial(n, np.full(n, 1 / n), size=REPETITIONS)
    resampled = np.abs(drawn @ onto).sum(axis=1) / n
    value = float(np.abs(onto.sum(axis=0)).sum() / n)
    low, high = np.quantile(resampled, [(1 - level) / 2, (1 + level) / 2])
    return Interval(value, float(min(low, value)), float(max(high, value)), n, level, "bootstrap")


def saturated_share(confidence: Floats) -> float:
    """Return the share of cases that carry the single most frequent score: near 1, thresholds cannot tell cases apart."""
    if not len(confidence):
        return 0.0
    return float(np.unique(confidence, return_counts=True)[1].max() / len(confidence))


def _bin_of(confidence: Floats, bins: int) -> Ints:
    return np.clip(np.ceil(confidence * bins).astype(np.int64) - 1, 0, bins - 1)
