"""Detect that a reviewer became worse or stopped looking, from gold items and planted wrong suggestions.

The answer to an alarm is more overlap and a talk, not silent dismissal.
"""

from dataclasses import dataclass, replace
from math import log, sqrt

from scipy.special import ndtri

from hitl.quality.binomial import clopper_pearson
from hitl.quality.eprocess import log_e_alarm
from hitl.quality.interval import Interval

TOLERATED_ERROR = 0.08
ALARM_DELTA = 0.05


@dataclass(frozen=True, slots=True)
class ReviewerRecord:
    """Counts of one reviewer's answers to gold items. ``planted`` are wrong suggestions shown on purpose and ``followed`` those
    that the reviewer confirmed, ``right`` are right ones shown on purpose; ``shown`` and ``blind`` are other items, answered with
    and without the model's opinion."""

    gold: int = 0
    gold_wrong: int = 0
    planted: int = 0
    followed: int = 0
    shown: int = 0
    shown_agreed: int = 0
    blind: int = 0
    blind_agreed: int = 0
    right: int = 0
    right_confirmed: int = 0

    def after_gold(self, wrong: bool) -> "ReviewerRecord":
        return replace(self, gold=self.gold + 1, gold_wrong=self.gold_wrong + wrong)

    def after_planted(self, followed: bool) -> "ReviewerRecord":
        return replace(self, planted=self.planted + 1, followed=self.followed + followed)

    def after_right(self, confirmed: bool) -> "ReviewerRecord":
        return replace(self, right=self.right + 1, right_confirmed=self.right_confirmed + confirmed)

    def after_answer(self, agreed: bool, blind: bool) -> "ReviewerRecord":
        if blind:
            return replace(self, blind=self.blind + 1, blind_agreed=self.blind_agreed + agreed)
        return replace(self, shown=self.shown + 1, shown_agreed=self.shown_agreed + agreed)


def has_drifted(record: ReviewerRecord, tolerated: float = TOLERATED_ERROR, delta: float = ALARM_DELTA) -> bool:
    """Tell whether the gold items prove an error rate above ``tolerated``. It may be asked after every item: a reviewer who is
    good enough is ever accused with probability at most ``delta``."""
    return bool(log_e_alarm(record.gold_wrong, record.gold, tolerated) >= -log(delta))


def anchoring(record: ReviewerRecord) -> Interval:
    """Return the share of planted wrong suggestions that were confirmed."""
    return clopper_pearson(record.followed, record.planted)


def confirming(record: ReviewerRecord) -> Interval:
    """Return the share of right suggestions, shown on purpose, that were confirmed."""
    return clopper_pearson(record.right_confirmed, record.right)


def rubber_stamping(record: ReviewerRecord, confidence: float = 0.95) -> Interval:
    """Return the rise in agreement with the model when its answer is on the screen; near 0 is good.

    Newcombe's hybrid score interval (1998, method 10).
    """
    return _difference((record.shown_agreed, record.shown), (record.blind_agreed, record.blind), confidence)


def discernment(record: ReviewerRecord, confidence: float = 0.95) -> Interval:
    """Return the share of right suggestions confirmed less that of planted wrong ones: near 1 who looks, near 0 who does not."""
    return _difference((record.right_confirmed, record.right), (record.followed, record.planted), confidence)


def _difference(one: tuple[int, int], other: tuple[int, int], confidence: float) -> Interval:
    """Of two shares, each (hits, n): Newcombe 1998, method 10."""
    n = min(one[1], other[1])
    if not n:
        return Interval(None, -1.0, 1.0, 0, confidence, "newcombe")
    first, second = one[0] / one[1], other[0] / other[1]
    low1, high1 = _wilson(*one, confidence)
    low2, high2 = _wilson(*other, confidence)
    gap = first - second
    low = gap - sqrt((first - low1) ** 2 + (high2 - second) ** 2)
    high = gap + sqrt((high1 - first) ** 2 + (second - low2) ** 2)
    return Interval(gap, low, high, n, confidence, "newcombe")


def _wilson(hits: int, n: int, confidence: float) -> tuple[float, float]:
    z = float(ndtri((1 + confidence) / 2))
    middle = (hits + z * z / 2) / (n + z * z)
    reach = z / (n + z * z) * sqrt(hits * (n - hits) / n + z * z / 4)
    return middle - reach, middle + reach
