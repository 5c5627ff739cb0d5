"""A figure with its interval, the method behind it and the number of labels."""

from dataclasses import dataclass
from typing import TypedDict


class IntervalFields(TypedDict):
    """The fields of Interval by name."""

    value: float | None
    low: float
    high: float
    n: int
    confidence: float
    method: str


@dataclass(frozen=True, slots=True)
class Interval:
    """``low <= value <= high`` holds the true figure with probability ``confidence``; ``n`` labels support it.

    ``value`` is None, and the interval is all that is possible, when nothing was observed.
    """

    value: float | None
    low: float
    high: float
    n: int
    confidence: float
    method: str

    def plain(self) -> IntervalFields:
        """As JSON."""
        return {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "n": self.n,
            "confidence": self.confidence,
            "method": self.method,
        }
