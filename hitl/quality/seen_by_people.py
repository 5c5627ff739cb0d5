"""Estimate the error rate of decisions behind the one that people's answers to their checks show.

Two things stand between them. One person alone calls right decisions wrong, and wrong ones right, with the measured rate of
``people_error`` (Rogan and Gladen 1978); a check that two answered is settled by an expert where they differ, and stays as it is.
And a check that nobody answers may hide an error: mostly those are cases that nobody can answer, so the interval spans both.
No interval that holds whatever silence hides is narrower than the share of the checks that stay silent.
"""

from collections.abc import Callable

import numpy as np
from scipy.special import ndtr, ndtri

from hitl.quality.answer_columns import AnswerColumns
from hitl.quality.estimators import corrected_for_reviewers
from hitl.quality.interval import Interval
from hitl.quality.roots import root_of
from hitl.quality.traffic import DAY_S, TrafficSums

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


def with_silence(seen: Interval, silent: int, rate: Callable[[bool, float], Interval]) -> Interval:
    """Widen ``seen`` by ``silent`` checks that were not answered in time, beside its ``n``: from all right to all wrong.

    ``rate(is_wrong, confidence)`` is the error rate with the silent checks answered so. The low end is that of all right, the
    high end that of all wrong: whatever the silent checks hide, the error rate lies between these two rates. It cannot be near
    both, so each end may err more often than half of what both may err together (Imbens and Manski, Econometrica 2004, eq. 7).
    That holds uniformly since the two estimates are ordered by construction (Stoye, Econometrica 2009, lemma 3).
    """
    if not silent:
        return seen
    worst = rate(True, seen.confidence)
    each = 1 - 2 * _one_end(silent / (seen.n + silent), worst)
    low, high = rate(False, each).low, rate(True, each).high
    value = None if seen.value is None else min(max(seen.value, low), high)
    return Interval(value, low, high, seen.n, seen.confidence, f"{seen.method}, {silent} checks unanswered")


def _one_end(apart: float, worst: Interval) -> float:
    """Return with which probability each end may err, where the rates of all right and of all wrong are so far ``apart``: the C
    with ``Phi(C + apart / sigma) - Phi(-C) = confidence``, sigma from the interval of the ``worst``."""
    both = 1 - worst.confidence
    sigma = (worst.high - worst.low) / (2 * float(ndtri(1 - both / 2)))
    if sigma <= 0:
        return both / 2

    def uncovered(end: float) -> float:
        return end + float(ndtr(ndtri(end) - apart / sigma)) - both

    return root_of(uncovered, both / 2, both) if uncovered(both) > 0 else both


def single_share(checks: AnswerColumns) -> float:
    """Return the share of the checks that rest on one vote."""
    return float((checks.votes == 1).mean()) if len(checks) else 0.0


def silent_checks(sums: TrafficSums, checks: AnswerColumns, by_override: bool, ripe_at: float) -> int:
    """Count drawn automatic decisions of the days that ended before ``ripe_at`` (UTC seconds) that nobody answered."""
    drawn = {
        day: n for (day, is_override), n in sums.drawn.items() if is_override == by_override and (day + 1) * DAY_S <= ripe_at
    }
    answered = dict(zip(*(each.tolist() for each in np.unique(checks.days, return_counts=True)), strict=True))
    return sum(max(n - answered.get(day, 0), 0) for day, n in drawn.items())
