"""How long things take: measured, and a moving average that begins at its first sample, so that it has no bias towards 0."""

from hitl.time_spans import largest_units
from hitl.workflow.state import Durations

ALPHA = 0.1
"""The weight of the newest sample."""


def measure(durations: dict[str, Durations], kind: str, seconds: float) -> None:
    """Take one sample into ``durations``, in place."""
    known = durations.setdefault(kind, Durations())
    known.smoothed_s = seconds if known.count == 0 else (1 - ALPHA) * known.smoothed_s + ALPHA * seconds
    known.count += 1
    known.total_s += seconds


def estimate_s(durations: dict[str, Durations], kind: str) -> float | None:
    """Return what one of ``kind`` takes, or None before the first was measured."""
    known = durations.get(kind)
    return known.smoothed_s if known else None


def duration_in_words(seconds: float) -> str:
    """Return the two largest units of a time, rounded down, for people.

    >>> duration_in_words(300), duration_in_words(90), duration_in_words(30), duration_in_words(129_600)
    ('5 minutes', '1 minute 30 seconds', '30 seconds', '1 day 12 hours')
    """
    return " ".join(largest_units(max(1, int(seconds))))
