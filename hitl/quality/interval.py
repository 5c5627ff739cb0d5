"""A figure with its interval, the method behind it and the number of labels."""

from dataclasses import dataclass
from math import isinf
from typing import TypedDict


class IntervalFields(TypedDict):
    """The fields of Interval by name; ``high`` None: nothing bounds it."""

    value: float | None
    low: float
    high: float | None
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
        """As JSON, which has no infinity."""
        return {
            "value": self.value,
            "low": self.low,
            "high": None if isinf(self.high) else self.high,
            "n": self.n,
            "confidence": self.confidence,
            "method": self.method,
        }


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """An interval as it is published: ``high`` None where it has no end, ``value`` None where nothing was observed."""

    value: float | None
    low: float
    high: float | None
    n: int
    confidence: float
    method: str
