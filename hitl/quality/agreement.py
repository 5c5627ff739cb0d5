"""Inter-annotator agreement: the plain share, and corrected for chance, with bootstrap intervals over items."""

from typing import Literal

import numpy as np

from hitl.quality.arrays import Floats, Ints
from hitl.quality.interval import Interval

REPETITIONS = 1000


def vote_counts(ratings: Ints, classes: int) -> Floats:
    """``(items, classes)`` votes from ``ratings`` (items, raters) of class numbers, -1 where a rater gave none."""
    return np.stack([(ratings == label).sum(axis=1) for label in range(classes)], axis=1).astype(np.float64)


def raw_agreement(counts: Floats, rng: np.random.Generator, confidence: float = 0.95) -> Interval:
    """The mean, over items with two votes or more, of the share of their pairs of votes that agree."""
    votes = counts.sum(axis=1)
    paired = votes >= 2
    if not paired.any():
        return Interval(None, 0.0, 1.0, 0, confidence, "bootstrap")
    n, kept = votes[paired], counts[paired]
    shares = (kept * (kept - 1)).sum(axis=1) / (n * (n - 1))
    means = _resampled(len(shares), rng) @ shares / len(shares)
    return _by_quantiles(float(shares.mean()), means, len(shares), confidence)


def krippendorff_alpha(
    counts: Floats,
    rng: np.random.Generator,
    scale: Literal["nominal", "interval"] = "nominal",
    confidence: float = 0.95,
) -> Interval:
    """1 for perfect agreement, 0 for what chance gives, below 0 for less (Krippendorff 2004, chapter 11).

    ``counts`` (items, classes); items with fewer than two votes do not count; ``interval`` weighs a disagreement by
    the squared distance of the class numbers. The value is None, and undefined, when only one class was ever used.
    """
    paired = counts[counts.sum(axis=1) >= 2]
    if not len(paired):
        return Interval(None, -1.0, 1.0, 0, confidence, "bootstrap")
    distance = _distance(counts.shape[1], scale)
    observed = _disagreement(paired, distance)
    value = _alpha(np.ones((1, len(paired))), observed, paired, distance)[0]
    if np.isnan(value):
        return Interval(None, -1.0, 1.0, len(paired), confidence, "bootstrap")
    resampled = _alpha(_resampled(len(paired), rng), observed, paired, distance)
    return _by_quantiles(float(value), resampled, len(paired), confidence)


def _distance(classes: int, scale: str) -> Floats:
    numbers = np.arange(classes, dtype=np.float64)
    apart = np.abs(numbers[:, None] - numbers[None, :])
    return apart**2 if scale == "interval" else (apart > 0).astype(np.float64)


def _disagreement(counts: Floats, distance: Floats) -> Floats:
    """Of each item: the distances of its pairs of votes, each vote weighing one over the item's other votes."""
    pairs = np.einsum("ic,cd,id->i", counts, distance, counts)
    return np.asarray(pairs / (counts.sum(axis=1) - 1), dtype=np.float64)


def _alpha(weights: Floats, observed: Floats, counts: Floats, distance: Floats) -> Floats:
    """For each row of ``weights`` (repetitions, items)."""
    totals = weights @ counts
    votes = totals.sum(axis=1)
    expected = np.einsum("rc,cd,rd->r", totals, distance, totals)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(1 - (votes - 1) * (weights @ observed) / expected, dtype=np.float64)


def _resampled(items: int, rng: np.random.Generator) -> Floats:
    return rng.multinomial(items, np.full(items, 1 / items), size=REPETITIONS).astype(np.float64)


def _by_quantiles(value: float, resampled: Floats, n: int, confidence: float) -> Interval:
    tail = (1 - confidence) / 2
    low, high = np.nanquantile(resampled, [tail, 1 - tail])
    return Interval(value, float(low), float(high), n, confidence, "bootstrap")
