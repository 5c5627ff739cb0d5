"""A time of which figures are asked: rounded to what the counts of traffic can tell apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from hitl.quality.answers import SettledReview
from hitl.quality.traffic import DAY_S, RECENT_S, SLOT_S


@dataclass(frozen=True, slots=True)
class Period:
    """From ``since`` on, before ``until`` (UTC seconds)."""

    since: float
    until: float

    def answers(self, answers: Sequence[SettledReview]) -> list[SettledReview]:
        """Return those to cases that came for people in this time."""
        return [each for each in answers if self.since <= each.opened_at < self.until]


def rounded(since: float, until: float, now: float) -> Period:
    """Round outwards, to slots of ten minutes where ``since`` is recent and to UTC days where it is not.

    >>> rounded(DAY_S + 5.0, DAY_S + 700.0, now=DAY_S + 900.0)
    Period(since=86400.0, until=87600.0)
    >>> rounded(DAY_S + 5.0, DAY_S + 700.0, now=90 * DAY_S)
    Period(since=86400.0, until=172800.0)
    """
    step = SLOT_S if since >= now - RECENT_S else DAY_S
    return Period(since // step * step, -(-until // step) * step)
