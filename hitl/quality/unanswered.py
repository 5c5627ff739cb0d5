"""Non-response: drawn checks that nobody answered are counted and shown, and never taken as right."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from hitl.quality.answers import SettledReview
from hitl.quality.binomial import clopper_pearson
from hitl.quality.interval import Interval
from hitl.quality.traffic import DAY_S, Traffic
from hitl.routing.action import Action

MATURE_AFTER_S = 48 * 3600.0
"""Where a policy states no maturity of its own."""


@dataclass(frozen=True, slots=True)
class UnansweredChecks:
    """Counts of the automatic decisions drawn for a blind check; ``overripe`` are open ones of days that are mature.
    ``at_worst`` is the error rate of the mature ones if all overripe ones were wrong, with its exact interval."""

    drawn: int
    answered: int
    open: int
    overripe: int
    at_worst: Interval


def unanswered(
    traffic: Traffic, answers: Sequence[SettledReview], now: float, maturity_s: float = MATURE_AFTER_S
) -> UnansweredChecks:
    """Count the checks that nobody answered; a day is mature that ended ``maturity_s`` before ``now``."""
    drawn = Counter[int]()
    for cell, count in traffic.cells.items():
        if cell.action is Action.AUTOMATIC:
            drawn[cell.day] += count.drawn
    checked = [each for each in answers if each.is_automatic and each.is_drawn]
    answered = Counter(int(each.opened_at // DAY_S) for each in checked)
    ripe = {day for day in drawn if (day + 1) * DAY_S <= now - maturity_s}
    overripe = sum(max(drawn[day] - answered[day], 0) for day in ripe)
    mature = [each for each in checked if int(each.opened_at // DAY_S) in ripe]
    wrong = sum(each.is_wrong for each in mature)
    return UnansweredChecks(
        drawn=drawn.total(),
        answered=len(checked),
        open=max(drawn.total() - len(checked), 0),
        overripe=overripe,
        at_worst=clopper_pearson(wrong + overripe, len(mature) + overripe),
    )
