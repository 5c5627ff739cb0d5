"""Confidence bounds by betting on the mean of numbers in [0, 1]; they profit from low variance.

The capital of a bettor against "the mean is m" (Waudby-Smith and Ramdas, JRSS-B 2024, arXiv 2010.09686, section 4.4): if
m is true, the capital ever reaches ``1 / delta`` with probability at most ``delta``. For rare losses the bound is several times
tighter than Hoeffding's. For plain errors with equal probabilities use the exact binomial.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import log

import numpy as np
from scipy.special import polygamma

from hitl.quality.arrays import Floats, Ints
from hitl.quality.interval import Interval

LARGEST_BET = 0.9
"""Below 1, so that no single loss takes the whole capital."""
PRECISION = 1e-7
RENEWED = np.unique(np.geomspace(200, 1e12, 1200).astype(np.int64))
RENEWED = np.concatenate((np.arange(200), RENEWED))
"""After so many zeros a bet is renewed: after each of the first ones, then where there are two in a hundred more."""


def mean_upper_bound(values: Floats, confidence: float) -> float:
    """The mean is under it with probability ``confidence``; ``values`` (n,) are independent, in [0, 1]. 1 without values.

    The bets do not depend on m, so that the capital grows with m and the bound is found by halving.
    """
    if not len(values):
        return 1.0
    bets = _bets(values, confidence)
    target = -log(1 - confidence)

    def refuted(mean: float) -> bool:
        return bool(np.max(np.cumsum(np.log1p(bets * (mean - values)))) >= target)

    return _halved(refuted)


def mean_lower_bound(values: Floats, confidence: float) -> float:
    """The mean is over it with probability ``confidence``."""
    return 1 - mean_upper_bound(1 - values, confidence)


def mean_interval(values: Floats, confidence: float = 0.95) -> Interval:
    """The two-sided interval of the mean."""
    side = (1 + confidence) / 2
    value = float(np.mean(values)) if len(values) else None
    low = min(mean_lower_bound(values, side), value if value is not None else 0.0)
    high = max(mean_upper_bound(values, side), value if value is not None else 1.0)
    return Interval(value, low, high, len(values), confidence, "betting")


def rare_mean_interval(places: Ints, values: Floats, n: int, confidence: float = 0.95) -> Interval:
    """The two-sided interval of the mean of ``n`` > 0 numbers, all 0 but the ``values`` (k,) in [0, 1] at ``places`` (k,), which
    rise from 0: as mean_interval, in a time that does not grow with n.

    Among zeros a bet is renewed at RENEWED alone, and stays in between: what a bet uses is known before, which is all that the
    bound asks of it. Each bet is the one that mean_interval makes there."""
    side = (1 + confidence) / 2
    value = float(values.sum()) / n
    steps = _steps(places, values, n, side)
    target = -log(1 - side)
    low = min(1 - _halved(lambda mean: _reaches(steps, 1 - mean, -1.0, target)), value)
    high = max(_halved(lambda mean: _reaches(steps, mean, 1.0, target)), value)
    return Interval(value, low, high, n, confidence, "betting")


@dataclass(frozen=True, slots=True)
class _Steps:
    """Stretches of equal values with one bet: (s,) each."""

    bets: Floats
    values: Floats
    lengths: Floats


def _steps(places: Ints, values: Floats, n: int, confidence: float) -> _Steps:
    renewed = RENEWED[n > RENEWED]
    starts = np.unique(np.concatenate((renewed, places, places[places + 1 < n] + 1)))
    lengths = np.diff(np.append(starts, n)).astype(np.float64)
    value = np.zeros(len(starts))
    value[np.searchsorted(starts, places)] = values
    sums = 0.5 + np.cumsum(value)  # within a stretch of zeros the sum stays, and the distances fall with the square of the count
    counted = starts + 1.0
    first = np.square(value - sums / (counted + 1))
    later = np.square(sums) * (polygamma(1, counted + 2) - polygamma(1, counted + lengths + 1))
    distances = np.concatenate(([0.0], np.cumsum(first + later)[:-1]))
    variance = (0.25 + distances) / (starts + 1)
    bets = np.minimum(np.sqrt(2 * -log(1 - confidence) / (n * variance)), LARGEST_BET)
    return _Steps(bets, value, lengths)


def _reaches(steps: _Steps, mean: float, sign: float, target: float) -> bool:
    """Tell whether the capital against ``mean`` ever reaches the target; within a stretch it goes one way."""
    return bool(np.max(np.cumsum(steps.lengths * np.log1p(sign * steps.bets * (mean - steps.values)))) >= target)


def _halved(is_refuted: Callable[[float], bool]) -> float:
    low, high = 0.0, 1.0
    while high - low > PRECISION:
        middle = (low + high) / 2
        low, high = (low, middle) if is_refuted(middle) else (middle, high)
    return high


def _bets(values: Floats, confidence: float) -> Floats:
    """Predictable bets: the i-th uses the values before it (lambda_i of the paper, predictable plug-in)."""
    n = len(values)
    counts = np.arange(1, n + 1)
    means = (0.5 + np.cumsum(values)) / (counts + 1)
    variances = (0.25 + np.cumsum((values - means) ** 2)) / (counts + 1)
    before = np.concatenate(([0.25], variances[:-1]))
    return np.minimum(np.sqrt(2 * -log(1 - confidence) / (n * before)), LARGEST_BET)
