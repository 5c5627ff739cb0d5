"""Count routed cases, automatic ones included, from the intake, with a moving average of their processing time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hitl.metrics.gains import Gains

ALPHA = 0.1
"""Of the moving average: the newest case's share."""

COUNTED = {"automatic": "automatic", "review": "to_review", "expert": "to_expert"}


@dataclass(frozen=True, slots=True)
class Smoothed:
    """A moving average that begins at its first sample, and how many it has seen."""

    value: float
    n: int

    def then(self, sample: float) -> "Smoothed":
        return Smoothed((1 - ALPHA) * self.value + ALPHA * sample, self.n + 1)


def count_cases(records: Iterable[Mapping[str, Any]], smoothed: Mapping[str, Smoothed]) -> tuple[Gains, dict[str, Smoothed]]:
    """Increments from ``records`` (of one partition, in order), and the partition's averages by task after them."""
    gains, now = Gains(), dict(smoothed)
    for record in records:
        task, seconds = record["task"], record["processing_time"]
        gains.add(record["at"], task, "cases")
        gains.add(record["at"], task, COUNTED[record["action"]])
        gains.add(record["at"], task, "processing_s", seconds)
        now[task] = now[task].then(seconds) if task in now else Smoothed(seconds, 1)
    return gains, now
