"""Confidence bounds by betting on the mean of numbers in [0, 1]; they profit from low variance.

The capital of a bettor against "the mean is m" (Waudby-Smith and Ramdas, JRSS-B 2024, arXiv 2010.09686, section 4.4): if
m is true, the capital ever reaches ``1 / delta`` with probability at most ``delta``. For rare losses the bound is several times
tighter than Hoeffding's. For plain errors with equal probabilities use the exact binomial.
"""

from math import log

import numpy as np

from hitl.quality.arrays import Floats
from hitl.quality.interval import Interval

LARGEST_BET = 0.9
"""Below 1, so that no single loss takes the whole capital."""
PRECISION = 1e-7


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

    low, high = 0.0, 1.0
    while high - low > PRECISION:
        middle = (low + high) / 2
        low, high = (low, middle) if refuted(middle) else (middle, high)
    return high


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


def _bets(values: Floats, confidence: float) -> Floats:
    """Predictable bets: the i-th uses the values before it (lambda_i of the paper, predictable plug-in)."""
    n = len(values)
    counts = np.arange(1, n + 1)
    means = (0.5 + np.cumsum(values)) / (counts + 1)
    variances = (0.25 + np.cumsum((values - means) ** 2)) / (counts + 1)
    before = np.concatenate(([0.25], variances[:-1]))
    return np.minimum(np.sqrt(2 * -log(1 - confidence) / (n * before)), LARGEST_BET)
