"""A journal whose replies get lost, whose store fails, and which tells how often it was asked."""

import asyncio
from collections.abc import Sequence

from hitl.errors import StoreUnavailable
from hitl.journal import Entry
from hitl.journal.memory import MemoryJournal


class TroubledJournal(MemoryJournal):
    """``lose_replies`` appends write and fail; ``fail_appends`` fail without a trace; ``fail_reads`` reads fail; ``gate``
    holds every append back until it is set."""

    def __init__(self) -> None:
        super().__init__("troubled")
        self.lose_replies = self.fail_appends = self.fail_reads = 0
        self.batches: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def append(self, epoch: int, expected_seq: int, entries: Sequence[Entry]) -> None:
        await self.gate.wait()
        if entries and self.fail_appends:
            self.fail_appends -= 1
            raise StoreUnavailable("refused")
        await super().append(epoch, expected_seq, entries)
        if entries:
            self.batches.append(len(entries))
        if entries and self.lose_replies:
            self.lose_replies -= 1
            raise StoreUnavailable("reply lost")

    async def read(self, after_seq: int, limit: int) -> list[Entry]:
        if self.fail_reads:
            self.fail_reads -= 1
            raise StoreUnavailable("away")
        return await super().read(after_seq, limit)


class TestClock:
    """Time that a test moves; the same for both clocks of a shard."""

    __test__ = False

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now
