"""Waiting times of cases, and the share answered by their deadline, by priority."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from hitl.quality.answer_columns import AnswerColumns, Seen
from hitl.quality.binomial import clopper_pearson, smallest_count
from hitl.quality.interval import Interval, PublishedFigure

SHARES = (0.5, 0.9, 0.95, 0.99)
NEWEST = 10_000


@dataclass(frozen=True, slots=True)
class WaitQuantile(PublishedFigure):
    """The seconds within which the ``share`` of cases was answered."""

    share: float


@dataclass(frozen=True, slots=True)
class WaitingTimes:
    """``percentiles`` of the seconds from a review's opening to its last answer; ``in_time`` is the share in [0, 1] answered by
    the deadline, by priority. ``missing`` says why there are none, None where there are."""

    percentiles: list[WaitQuantile]
    in_time: dict[str, Interval]
    missing: str | None


def waiting(answers: AnswerColumns) -> WaitingTimes:
    """Return the waiting times of the newest cases that people decided."""
    ours = answers.where(np.flatnonzero(~answers.is_automatic)[-NEWEST:])
    seconds = np.sort(ours.at - ours.opened_at)
    rows = [WaitQuantile(share=share, **quantile(seconds, share).plain()) for share in SHARES] if len(seconds) else []
    timed = ours.where(ours.has(Seen.DUE))
    priorities = sorted({str(timed.kinds[kind].priority) for kind in np.unique(timed.kind)})
    in_time = {name: _in_time(timed, name) for name in priorities}
    return WaitingTimes(rows, in_time, None if rows else "people have decided no case yet")


def quantile(ordered: np.ndarray[Any, np.dtype[np.float64]], share: float, confidence: float = 0.95) -> Interval:
    """Return the ``share`` quantile of ``ordered`` (n,) > 0 rows between two of them, whatever the distribution is (order
    statistics).

    >>> quantile(np.arange(100.0), 0.5).value
    49.0
    """
    n = len(ordered)
    tail = (1 - confidence) / 2
    low, high = smallest_count(tail, n, share) - 1, smallest_count(1 - tail, n, share)
    at = max(int(np.ceil(share * n)) - 1, 0)
    ends = float(ordered[max(low, 0)]), float(ordered[min(high, n - 1)])
    return Interval(
        float(ordered[at]), min(ends[0], float(ordered[at])), max(ends[1], float(ordered[at])), n, confidence, "order"
    )


def _in_time(answers: AnswerColumns, priority: str) -> Interval:
    ours = answers.of_kind(lambda kind: kind.priority == priority)
    return clopper_pearson(int(answers.has(Seen.IN_TIME)[ours].sum()), int(ours.sum()))
