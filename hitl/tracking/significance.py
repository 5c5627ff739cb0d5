"""Test whether one variant is better than another: two proportions, two means.

Fisher's exact test for counts (conditional on the margins: valid for any sample size), Welch's t-test for means (Welch 1947),
and Newcombe's interval (1998, method 10) for the difference of two proportions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

from scipy import stats


@dataclass(frozen=True, slots=True)
class Difference:
    """``b`` minus ``a`` with its confidence interval; ``p_value`` two-sided."""

    a: float
    b: float
    difference: float
    low: float
    high: float
    p_value: float

    def is_significant(self, alpha: float = 0.05) -> bool:
        """Tell whether luck alone would show this, or more, less often than ``alpha``."""
        return self.p_value < alpha


def compare_rates(good_a: int, all_a: int, good_b: int, all_b: int, *, confidence: float = 0.95) -> Difference | None:
    """Return the difference of two success rates; None while either has no trial.

    >>> compare_rates(90, 100, 70, 100).is_significant()
    True
    """
    if not all_a or not all_b:
        return None
    p_value = float(stats.fisher_exact([[good_a, all_a - good_a], [good_b, all_b - good_b]]).pvalue)
    a, b = good_a / all_a, good_b / all_b
    low_a, high_a = wilson(good_a, all_a, confidence=confidence)
    low_b, high_b = wilson(good_b, all_b, confidence=confidence)
    low = b - a - sqrt((b - low_b) ** 2 + (high_a - a) ** 2)
    high = b - a + sqrt((high_b - b) ** 2 + (a - low_a) ** 2)
    return Difference(a, b, b - a, low, high, p_value)


def compare_means(a: Sequence[float], b: Sequence[float], *, confidence: float = 0.95) -> Difference | None:
    """The difference of two means; None while either has fewer than two values."""
    if len(a) < 2 or len(b) < 2:
        return None
    mean_a, mean_b = fmean(a), fmean(b)
    if max(a) == min(a) and max(b) == min(b):
        p_value = 1.0 if mean_a == mean_b else 0.0
        return Difference(mean_a, mean_b, mean_b - mean_a, mean_b - mean_a, mean_b - mean_a, p_value)
    test = stats.ttest_ind(b, a, equal_var=False)
    interval = test.confidence_interval(confidence)
    return Difference(mean_a, mean_b, mean_b - mean_a, float(interval.low), float(interval.high), float(test.pvalue))


def wilson(good: int, n: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval (1927) of a rate: inside [0, 1], sensible at 0 and n."""
    z = float(stats.norm.ppf((1 + confidence) / 2))
    rate, wide = good / n, z * z / n
    middle, half = rate + wide / 2, z * sqrt(rate * (1 - rate) / n + wide / (4 * n))
    return (middle - half) / (1 + wide), (middle + half) / (1 + wide)
