"""Decide whether a call is worth repeating, and how long to wait first."""

import random
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

PROBLEM = "application/problem+json"
PASSING = {429, 502, 503, 504}
"""Statuses that pass by themselves."""

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 3.0


@dataclass(frozen=True, slots=True)
class Patience:
    """``total_s`` is how long a call is repeated before ServiceUnreachable is raised."""

    total_s: float = 60.0

    def pause_s(self, attempt: int, headers: Mapping[str, str]) -> float:
        """Seconds before attempt ``attempt + 1`` (from 1): what Retry-After says, else doubling; with jitter, so that
        many callers do not come back at once."""
        asked = _asked_s(headers.get("retry-after", ""), time.time())
        base = asked if asked is not None else FIRST_PAUSE_S * 2.0 ** min(attempt - 1, 10)
        return min(base, LONGEST_PAUSE_S) * random.uniform(0.75, 1.25)


def _asked_s(text: str, now: float) -> float | None:
    """Return the seconds of a Retry-After: a number, or a date (RFC 9110, section 10.2.3). None for neither.

    >>> _asked_s("3", 0.0), _asked_s("Thu, 01 Jan 1970 00:00:05 GMT", 3.0), _asked_s("soon", 0.0)
    (3.0, 2.0, None)
    """
    if re.fullmatch(r"[0-9]{1,9}", text.strip()):
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def is_passing(status: int, headers: Mapping[str, str]) -> bool:
    """Tell whether the same call may succeed later: the service said so, or the 500 is Ray's own for a replica that died."""
    return status in PASSING or (status == 500 and not headers.get("content-type", "").startswith(PROBLEM))
