"""Decide which cases leave the store for the archive: a function over what the store holds and who still reads it."""

import math
from dataclasses import dataclass

PRESSURE = 0.5
"""Share of the store's memory above which cases leave whatever their age: new cases are refused at 0.7."""

FILL = 0.8
"""Share of ``max_bytes`` that stays once it was exceeded: what leaves is worth a file."""

FEWEST = 1000
"""Cases that leave under pressure, at least: a store that is full of other things makes no files of a few rows each."""

SLACK = 1 / 24
"""Share of ``max_age_s`` by which the oldest case may be older: cases leave by the hour, not one by one."""


@dataclass(frozen=True, slots=True)
class LeavingTerms:
    """What one partition keeps in the store: no case for much longer than ``max_age_s``, and no more than ``max_bytes``. At most
    ``segment_cases``, of ``segment_bytes`` together, leave at once."""

    max_age_s: float = 86_400.0
    max_bytes: int = 2**30
    segment_cases: int = 10_000
    segment_bytes: int = 2**24


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """A partition in the store: the cases behind ``archived_to`` up to ``last`` are nowhere else. ``opened_to`` is the last
    position before the first case that no review was opened for yet, ``counted_to`` the last that the counters have read.
    ``taken_bytes`` is what the cases take, ``used_share`` how full the whole store is, ``oldest_at`` (UTC seconds) when the
    first case that is nowhere else came; None without one."""

    archived_to: int
    last: int
    opened_to: int
    counted_to: int
    taken_bytes: int
    used_share: float
    oldest_at: float | None


@dataclass(frozen=True, slots=True)
class Leaving:
    """Up to ``limit`` cases leave next, those that came before ``before`` (UTC seconds), or whatever their age."""

    limit: int
    before: float | None


STAY = Leaving(0, None)


def cases_to_archive(facts: StoreFacts, terms: LeavingTerms, now: float) -> Leaving:
    """Return what leaves next. A reader that is behind holds cases back unless the store runs full: it finds them in the
    archive."""
    if facts.oldest_at is None:
        return STAY
    is_pressed = facts.used_share > PRESSURE
    free = min(facts.last, facts.opened_to, facts.last if is_pressed else facts.counted_to) - facts.archived_to
    if is_pressed and free >= min(FEWEST, terms.segment_cases):
        return Leaving(min(free, terms.segment_cases), None)
    if facts.taken_bytes > terms.max_bytes:
        return Leaving(max(0, min(free, terms.segment_cases, _surplus(facts, terms))), None)
    if facts.oldest_at < now - terms.max_age_s * (1 + SLACK):
        return Leaving(max(0, min(free, terms.segment_cases)), now - terms.max_age_s)
    return STAY


def _surplus(facts: StoreFacts, terms: LeavingTerms) -> int:
    """Return the cases whose leaving brings the partition down to its share."""
    each = facts.taken_bytes / max(1, facts.last - facts.archived_to)
    return math.ceil((facts.taken_bytes - FILL * terms.max_bytes) / each)
