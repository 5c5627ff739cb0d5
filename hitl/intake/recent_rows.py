"""What followers of one partition have read lately, so that several of them in one process read each case once."""

import asyncio
import time
from bisect import bisect_right
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from hitl.intake.ports import RoutedRow

KEPT_S = 5.0
"""Followers look every second or two; who comes later reads by itself. What was deleted or restored is not told for long."""
MOST_ROWS = 8_192
MOST_BYTES = 2**24
"""Of records and inputs: what a gateway writes in some seconds at full speed."""

ReadRows = Callable[[int, int], Awaitable[list[RoutedRow]]]
"""hitl.intake.Intake.routed."""


class _Page(NamedTuple):
    rows: Sequence[RoutedRow]
    read_at: float
    size: int


class RecentRows:
    """The rows that followers of one partition have read within KEPT_S. Rows beside a gap are not remembered: each follower has
    to notice by itself what it passes over."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._extending = asyncio.Lock()
        self._pages: deque[_Page] = deque()
        self._start = self._end = self._forgot = 0

    async def after(self, seq: int, limit: int, read: ReadRows) -> list[RoutedRow]:
        """Return what ``read`` gives of up to ``limit`` rows after position ``seq``; it is asked for what nobody has read. Raises
        what it raises."""
        self._forget_old()
        if self._pages and seq < self._start:  # far behind: its pages would push out those that the others want
            return await read(seq, limit)
        async with self._extending:
            self._forget_old()
            if self._pages and seq < self._start:
                return await read(seq, limit)
            if not self._pages or not self._start <= seq <= self._end:
                self._pages.clear()
                self._start = self._end = seq
            found = self._kept(seq, limit)
            if len(found) < limit:
                found += await self._extend(limit - len(found), read)
            return found

    def forget(self) -> None:
        """Let go of all that was read, or is being read, until now."""
        self._pages.clear()
        self._forgot += 1

    async def _extend(self, limit: int, read: ReadRows) -> list[RoutedRow]:
        forgot = self._forgot
        try:
            rows = await read(self._end, limit)
        except BaseException:
            self._pages.clear()
            raise
        if rows and forgot == self._forgot and rows[-1].seq == self._end + len(rows):
            self._pages.append(_Page(rows, self._monotonic(), sum(len(row.body) + len(row.payload) for row in rows)))
            self._end = rows[-1].seq
        return rows

    def _kept(self, seq: int, limit: int) -> list[RoutedRow]:
        found: list[RoutedRow] = []
        for page in self._pages:
            if page.rows[-1].seq > seq and len(found) < limit:
                first = bisect_right(page.rows, seq, key=_seq_of)
                found += page.rows[first : first + limit - len(found)]
        return found

    def _forget_old(self) -> None:
        oldest = self._monotonic() - KEPT_S
        rows, size = sum(len(page.rows) for page in self._pages), sum(page.size for page in self._pages)
        while self._pages and (self._pages[0].read_at < oldest or rows > MOST_ROWS or size > MOST_BYTES):
            page = self._pages.popleft()
            self._start, rows, size = page.rows[-1].seq, rows - len(page.rows), size - page.size


def _seq_of(row: RoutedRow) -> int:
    return row.seq
