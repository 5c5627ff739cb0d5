"""Decide which days of archived cases are over."""

from hitl.blobs.names import DAY_S, end_of_day


def is_over(day: str, archive_days: int | None, now: float) -> bool:
    """Tell whether cases of the UTC day ``day`` are kept no longer at ``now`` (UTC seconds); None: they are kept for ever.

    >>> is_over("1970-01-01", 30, 31 * 86_400.0)
    True
    """
    return archive_days is not None and now >= end_of_day(day) + archive_days * DAY_S
