"""Read the audit trail from the journals and verify every link, for the route and the command."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, date, datetime

from hitl.audit import AuditRow, Consequences, ReportBuilder, row_of
from hitl.audit.report import ReportLines
from hitl.errors import InvalidRequest
from hitl.history import read_history
from hitl.journal import Entry, Journal
from hitl.journal.verify import verified

Keep = Callable[[AuditRow], bool]

AT_ONCE, BYTES_AT_ONCE = 64, 256 * 1024
"""Entries, and bytes of them, after which other requests have their turn: a page of the store may be in memory already."""

DAY_S = 86_400.0
"""Added as seconds: the calendar's last day has no next one."""


def bounds(first: date | None, last: date | None) -> tuple[float, float]:
    """The UTC seconds from the start of ``first`` to the end of ``last``; everything without them. Raises InvalidRequest."""
    if first is not None and last is not None and last < first:
        raise InvalidRequest("query from, to", "two days in order")
    since = _start(first) if first else float("-inf")
    return since, _start(last) + DAY_S if last else float("inf")


async def verified_in_turns(shard: str, journal: Journal) -> AsyncIterator[Entry]:
    """``verified`` that gives way to other requests. Raises ChainBroken, StoreUnavailable."""
    count = size = 0
    async for entry in verified(shard, journal):
        yield entry
        count, size = count + 1, size + len(entry.body)
        if count >= AT_ONCE or size >= BYTES_AT_ONCE:
            await asyncio.sleep(0)
            count = size = 0


async def consequences_of(shard: str, journal: Journal) -> Consequences:
    """Return the consequences of each entry, over the whole shard. Raises ChainBroken, StoreUnavailable."""
    found = Consequences()
    async for entry in verified_in_turns(shard, journal):
        found.see(entry)
    return found


async def trail(
    journals: Mapping[str, Journal], followed: Mapping[str, Consequences], keep: Keep, with_content: bool = False
) -> AsyncIterator[AuditRow]:
    """Yield the rows of every shard that ``keep`` keeps, in the order of each shard. Raises ChainBroken, StoreUnavailable."""
    for shard, journal in journals.items():
        async for entry in verified_in_turns(shard, journal):
            row = row_of(shard, entry, followed[shard], with_content)
            if keep(row):
                yield row


async def compliance(journals: Mapping[str, Journal], since: float, until: float) -> ReportLines:
    """Return the report of the period, by task. Raises ChainBroken, StoreUnavailable."""
    made = ReportBuilder(since, until)
    for shard, journal in journals.items():
        async for entry in verified_in_turns(shard, journal):
            made.see(read_history(entry.body))
    return made.lines()


def _start(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
