"""Non-response: drawn checks that nobody answered are counted and shown, and never taken as right."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from hitl.quality.answer_columns import AnswerColumns
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


def unanswered(traffic: Traffic, answers: AnswerColumns, now: float, maturity_s: float = MATURE_AFTER_S) -> UnansweredChecks:
    """Count the checks that nobody answered; a day is mature that ended ``maturity_s`` before ``now``."""
    drawn = Counter[int]()
    for cell, count in traffic.cells.items():
        if cell.action is Action.AUTOMATIC:
            drawn[cell.day] += count.drawn
    checked = answers.where(answers.is_check)
    answered = dict(zip(*(each.tolist() for each in np.unique(checked.days, return_counts=True)), strict=True))
    ripe = {day for day in drawn if (day + 1) * DAY_S <= now - maturity_s}
    overripe = sum(max(drawn[day] - answered.get(day, 0), 0) for day in ripe)
    mature = checked.where(np.isin(checked.days, list(ripe)))
    wrong = int(mature.is_wrong.sum())
    return UnansweredChecks(
        drawn=drawn.total(),
        answered=len(checked),
        open=max(drawn.total() - len(checked), 0),
        overripe=overripe,
        at_worst=clopper_pearson(wrong + overripe, len(mature) + overripe),
    )
