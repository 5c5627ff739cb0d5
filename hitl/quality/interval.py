"""A figure with its interval, the method behind it and the number of labels."""

from dataclasses import asdict, dataclass
from typing import Any


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

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)
