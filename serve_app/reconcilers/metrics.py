"""Fold journals and intake into counters, page by page, from a stored cursor; a crash changes nothing."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from hitl.history import read_history
from hitl.intake import RoutedRow
from hitl.journal import Journal
from hitl.metrics import Gains, Smoothed, Start, count_cases, count_events
from hitl.metrics.events import ends

PAGE = 500
CASES = 2_000
"""As many as those who read with it (hitl.intake.recent_rows) ask for: a few megabytes, some ten milliseconds."""

MAX_PAGES = 20
"""A turn: a backlog of a million cases must not keep the keeper from its other work."""


class Metrics(Protocol):
    """A store of counters (hitl.adapters.valkey.metrics)."""

    async def cursor(self, source: str) -> int: ...

    async def starts(self, ids: Sequence[str]) -> dict[str, Start]: ...

    async def smoothed(self) -> dict[str, dict[str, Smoothed]]: ...

    async def advance(self, source: str, expected: int, to: int, gains: Gains, smoothed: Mapping[str, Smoothed]) -> bool: ...


class RoutedCases(Protocol):
    """The part of an intake that is counted."""

    async def routed(self, after_seq: int, limit: int) -> list[RoutedRow]: ...


class MetricsTail:
    """``intakes`` are the partitions' records, by partition."""

    def __init__(self, store: Metrics, journals: Mapping[str, Journal], intakes: Sequence[RoutedCases]) -> None:
        self._store, self._journals, self._intakes = store, journals, intakes

    async def once(self) -> None:
        """Count on, up to MAX_PAGES of each source. Raises StoreUnavailable."""
        for shard, journal in self._journals.items():
            for _ in range(MAX_PAGES):
                if await self._events(shard, journal) < PAGE:
                    break
        for partition, intake in enumerate(self._intakes):
            for _ in range(MAX_PAGES):
                if await self._cases(f"intake-{partition}", intake) < CASES:
                    break

    async def _events(self, shard: str, journal: Journal) -> int:
        seq = await self._store.cursor(shard)
        entries = await journal.read(seq, PAGE)
        if entries:
            effects = [read_history(entry.body) for entry in entries]
            gains = count_events(effects, await self._store.starts(ends(effects)))
            await self._store.advance(shard, seq, entries[-1].seq, gains, {})
        return len(entries)

    async def _cases(self, source: str, intake: RoutedCases) -> int:
        seq = await self._store.cursor(source)
        rows = await intake.routed(seq, CASES)
        if rows:
            before = (await self._store.smoothed()).get(source, {})
            gains, smoothed = count_cases((row.case for row in rows), before)
            await self._store.advance(source, seq, rows[-1].seq, gains, smoothed)
        return len(rows)
