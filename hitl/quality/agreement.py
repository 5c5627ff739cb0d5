"""Inter-annotator agreement: the plain share, and corrected for chance, with bootstrap intervals over items."""

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np

from hitl.quality.arrays import Bools, Floats, Ints
from hitl.quality.interval import Interval

REPETITIONS = 1000

Scale: TypeAlias = Literal["nominal", "ordinal", "interval"]


def vote_counts(ratings: Ints, classes: int) -> Floats:
    """``(items, classes)`` votes from ``ratings`` (items, raters) of class numbers, -1 where a rater gave none."""
    return np.stack([(ratings == label).sum(axis=1) for label in range(classes)], axis=1).astype(np.float64)


def raw_agreement(
    counts: Floats,
    rng: np.random.Generator,
    confidence: float = 0.95,
    near: Bools | None = None,
    times: Ints | None = None,
) -> Interval:
    """The mean, over items with two votes or more, of the share of their pairs of votes that agree: on the same class, or on two
    of which ``near`` (classes, classes), symmetric and true of each class itself, says so. ``times`` (rows,) is how many items
    each row stands for, one where None."""
    votes = counts.sum(axis=1)
    paired = votes >= 2
    if not paired.any():
        return Interval(None, 0.0, 1.0, 0, confidence, "bootstrap")
    n, kept, items = votes[paired], counts[paired], _times(counts, times)[paired]
    agreed = kept @ (np.eye(counts.shape[1]) if near is None else near.astype(np.float64))
    shares = ((kept * agreed).sum(axis=1) - n) / (n * (n - 1))
    total = int(items.sum())
    return _by_quantiles(float(items @ shares / total), _resampled(items, rng) @ shares / total, total, confidence)


def krippendorff_alpha(
    counts: Floats,
    rng: np.random.Generator,
    scale: Scale = "nominal",
    confidence: float = 0.95,
    times: Ints | None = None,
) -> Interval:
    """1 for perfect agreement, 0 for what chance gives, below 0 for less (Krippendorff 2004, chapter 11).

    ``counts`` (items, classes); items with fewer than two votes do not count; ``interval`` weighs a disagreement by
    the squared distance of the class numbers, ``ordinal`` by that of their mean ranks among all votes. The value is None, and
    undefined, when only one class was ever used. ``times`` as in raw_agreement.
    """
    is_paired = counts.sum(axis=1) >= 2
    paired, items = counts[is_paired], _times(counts, times)[is_paired]
    total = int(items.sum())
    if not len(paired):
        return Interval(None, -1.0, 1.0, 0, confidence, "bootstrap")
    alpha = _ordinal_alpha(paired) if scale == "ordinal" else _fixed_alpha(paired, _distance(counts.shape[1], scale))
    value = alpha(items[None, :].astype(np.float64))[0]
    if np.isnan(value):
        return Interval(None, -1.0, 1.0, total, confidence, "bootstrap")
    return _by_quantiles(float(value), alpha(_resampled(items, rng)), total, confidence)


def _distance(classes: int, scale: str) -> Floats:
    numbers = np.arange(classes, dtype=np.float64)
    apart = np.abs(numbers[:, None] - numbers[None, :])
    return apart**2 if scale == "interval" else (apart > 0).astype(np.float64)


def _disagreement(counts: Floats, distance: Floats) -> Floats:
    """Of each item: the distances of its pairs of votes, each vote weighing one over the item's other votes."""
    pairs = np.einsum("ic,cd,id->i", counts, distance, counts)
    return np.asarray(pairs / (counts.sum(axis=1) - 1), dtype=np.float64)


def _fixed_alpha(counts: Floats, distance: Floats) -> Callable[[Floats], Floats]:
    """Return alpha for each row of weights (repetitions, items), where the distance of two classes is always the same."""
    observed = _disagreement(counts, distance)

    def alpha(weights: Floats) -> Floats:
        totals = weights @ counts
        return _alpha(totals, weights @ observed, np.einsum("rc,cd,rd->r", totals, distance, totals))

    return alpha


def _ordinal_alpha(counts: Floats) -> Callable[[Floats], Floats]:
    """The same where the distance depends on how often the classes between two were chosen (Krippendorff 2011, ordinal metric):
    the sum from one to the other, less half of both, is the difference of their mean ranks."""
    items, classes = counts.shape
    pairs = np.einsum("ic,id->icd", counts, counts) / (counts.sum(axis=1) - 1)[:, None, None]
    flat = pairs.reshape(items, classes * classes)

    def alpha(weights: Floats) -> Floats:
        totals = weights @ counts
        ranks = np.cumsum(totals, axis=1) - totals / 2
        distance = (ranks[:, :, None] - ranks[:, None, :]) ** 2
        observed = np.einsum("rp,rp->r", weights @ flat, distance.reshape(len(weights), -1))
        return _alpha(totals, observed, np.einsum("rc,rcd,rd->r", totals, distance, totals))

    return alpha


def _alpha(totals: Floats, observed: Floats, expected: Floats) -> Floats:
    """For each of the repetitions: ``totals`` (repetitions, classes) of votes, with the disagreement ``observed`` within
    items and that ``expected`` of all pairs of votes."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(1 - (totals.sum(axis=1) - 1) * observed / expected, dtype=np.float64)


def _times(counts: Floats, times: Ints | None) -> Ints:
    return np.ones(len(counts), dtype=np.int64) if times is None else times


def _resampled(items: Ints, rng: np.random.Generator) -> Floats:
    """Draw as many items as there are: rows are drawn as often as the ``items`` (rows,) that they stand for."""
    total = int(items.sum())
    return rng.multinomial(total, items / total, size=REPETITIONS).astype(np.float64)


def _by_quantiles(value: float, resampled: Floats, n: int, confidence: float) -> Interval:
    tail = (1 - confidence) / 2
    low, high = np.nanquantile(resampled, [tail, 1 - tail])
    return Interval(value, float(low), float(high), n, confidence, "bootstrap")
