"""Exact binomial bounds on an error rate.

They hold for every n, unlike the normal approximation, whose 95 % interval covers 63 % at a risk of 1 % with 100 labels.
"""

from math import ceil, log
from typing import overload

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr, bdtrik, betaincinv

from hitl.quality.arrays import Floats
from hitl.quality.interval import Interval


def risk_p_value(errors: ArrayLike, n: ArrayLike, level: float) -> Floats:
    """Return the binomial p-value of so few errors at a risk of ``level`` or more: ``P(Binomial(n, level) <= errors)``.

    A p-value of "the risk is at least ``level``"; 1 without labels. Element by element.
    """
    counted = np.asarray(n, dtype=np.float64)
    tail = bdtr(np.asarray(errors, dtype=np.float64), np.maximum(counted, 1).astype(np.int64), level)
    return np.where(counted > 0, tail, 1.0)


@overload
def upper_bound(errors: int, n: int, confidence: float) -> float: ...
@overload
def upper_bound(errors: Floats, n: Floats, confidence: float) -> Floats: ...
def upper_bound(errors: ArrayLike, n: ArrayLike, confidence: float) -> float | Floats:
    """Return the one-sided Clopper-Pearson bound: the risk is under it with probability ``confidence``. 1 without labels.

    >>> round(upper_bound(0, 45, 0.9), 4)
    0.0499
    """
    k, counted = np.asarray(errors, dtype=np.float64), np.asarray(n, dtype=np.float64)
    safe = np.maximum(counted - k, 0.5)
    bound = np.where(counted > k, betaincinv(k + 1, safe, confidence), 1.0)
    return float(bound) if bound.ndim == 0 else bound


def lower_bound(errors: int, n: int, confidence: float) -> float:
    """Return the one-sided Clopper-Pearson bound from below; 0 without errors."""
    return float(betaincinv(errors, n - errors + 1, 1 - confidence)) if errors else 0.0


def clopper_pearson(errors: int, n: int, confidence: float = 0.95) -> Interval:
    """Return the exact two-sided interval of an error rate.

    >>> clopper_pearson(0, 0).high
    1.0
    """
    side = (1 + confidence) / 2
    value = errors / n if n else None
    return Interval(value, lower_bound(errors, n, side), upper_bound(errors, n, side), n, confidence, "clopper-pearson")


def smallest_count(probability: float, n: int, share: float) -> int:
    """Return the smallest k with ``P(Binomial(n, share) <= k) >= probability``, which is in (0, 1); ``n`` > 0. Where the two are
    equal but for rounding it may be the next one.

    >>> smallest_count(0.025, 100, 0.5), smallest_count(0.975, 100, 0.5)
    (40, 60)
    """
    count = max(ceil(float(bdtrik(probability, n, share))), 0)
    return count - 1 if count and bdtr(count - 1, n, share) >= probability else count


def labels_needed(level: float, confidence: float) -> int:
    """Return the fewest labels, all of them right, that show a risk under ``level``.

    >>> labels_needed(0.05, 0.9), labels_needed(0.01, 0.95)
    (45, 299)
    """
    return ceil(log(1 - confidence) / log(1 - level))
