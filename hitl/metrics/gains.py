"""The increments of the counters from one page of history."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

NO_TASK = "-"
"""For what belongs to no task."""

DAY_S = 86_400
EPOCH = date(1970, 1, 1).toordinal()

Key = tuple[str, str, str]
"""UTC day, task, counter."""


@dataclass(frozen=True, slots=True)
class Start:
    """The start of something whose duration is counted at its end."""

    at: float
    task: str
    kind: str


@dataclass(slots=True)
class Gains:
    """``started`` and ``ended`` are what began and what is over now, by id."""

    counts: dict[Key, float] = field(default_factory=lambda: defaultdict(float))
    started: dict[str, Start] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)

    def add(self, at: float, task: str | None, counter: str, amount: float = 1.0) -> None:
        self.counts[day_of(at), task or NO_TASK, counter] += amount


def day_of(at: float) -> str:
    """Return the UTC day of ``at``.

    >>> day_of(0)
    '1970-01-01'
    """
    return _text(int(at // DAY_S))


@lru_cache(maxsize=1024)
def _text(day: int) -> str:
    """Asked three times a case: a page of cases is of one day or two."""
    return date.fromordinal(EPOCH + day).isoformat()
