"""Estimate the error rate of decisions behind the one that people's answers to their checks show.

Two things stand between them. One person alone calls right decisions wrong, and wrong ones right, with the measured rate of
``people_error`` (Rogan and Gladen 1978); a check that two answered is settled by an expert where they differ, and stays as it is.
And a check that nobody answers may hide an error: mostly those are cases that nobody can answer, so the interval spans both.
"""

from collections.abc import Callable, Sequence

from hitl.quality.answers import SettledReview
from hitl.quality.binomial import clopper_pearson
from hitl.quality.estimators import corrected_for_reviewers
from hitl.quality.interval import Interval
from hitl.quality.traffic import DAY_S, Cell, Traffic
from hitl.routing.action import Action

MOST_ERRORS = 0.45
"""Of one person; people who err more often tell nothing that could be corrected."""


def without_peoples_errors(seen: Interval, people: Interval, single: float) -> Interval:
    """Take people's errors out of what was seen; ``single`` is the share of the checks that one person alone answered. Both
    intervals must hold together."""
    if not single or not people.n or seen.value is None:
        return seen
    least, most = single * people.low, min(single * people.high, MOST_ERRORS)
    middle = min(single * (people.value or 0.0), MOST_ERRORS)
    return Interval(
        corrected_for_reviewers(seen.value, middle, middle),
        corrected_for_reviewers(seen.low, most, 0.0),
        corrected_for_reviewers(seen.high, min(least, most), most),
        seen.n,
        seen.confidence,
        seen.method,
    )


def with_silence(seen: Interval, silent: int, confidence: float) -> Interval:
    """Widen ``seen`` by ``silent`` checks that were not answered in time, beside its ``n``: from all right to all wrong."""
    if not silent:
        return seen
    hidden = clopper_pearson(silent, seen.n + silent, confidence)
    low, high = seen.low * (1 - hidden.high), seen.high * (1 - hidden.low) + hidden.high
    return Interval(seen.value, low, min(high, 1.0), seen.n, seen.confidence, f"{seen.method}, {silent} checks unanswered")


def single_share(checks: Sequence[SettledReview]) -> float:
    """Return the share of the checks that rest on one vote."""
    return sum(len(each.votes) == 1 for each in checks) / len(checks) if checks else 0.0


def silent_checks(traffic: Traffic, checks: Sequence[SettledReview], part: Callable[[Cell], bool], ripe_at: float) -> int:
    """Count drawn automatic decisions of the days that ended before ``ripe_at`` (UTC seconds) that nobody answered."""
    days = {cell.day for cell in traffic.cells if (cell.day + 1) * DAY_S <= ripe_at}
    drawn = dict.fromkeys(days, 0)
    for cell, count in traffic.cells.items():
        if cell.day in days and cell.action is Action.AUTOMATIC and part(cell):
            drawn[cell.day] += count.drawn
    for each in checks:
        if (day := int(each.opened_at // DAY_S)) in drawn:
            drawn[day] -= 1
    return sum(max(left, 0) for left in drawn.values())
