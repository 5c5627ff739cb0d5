"""A journal in memory, for tests and simulations."""

from collections.abc import Sequence

from hitl.errors import Fenced, SequenceConflict
from hitl.journal.entry import Entry


class MemoryJournal:
    """A hitl.journal.Journal whose entries live as long as the object."""

    def __init__(self, shard: str = "memory") -> None:
        self._shard, self._epoch = shard, 0
        self._entries: list[Entry] = []

    async def open_epoch(self) -> int:
        self._epoch += 1
        return self._epoch

    async def append(self, epoch: int, expected_seq: int, entries: Sequence[Entry]) -> None:
        if epoch != self._epoch:
            raise Fenced(self._shard, epoch, self._epoch)
        if expected_seq != len(self._entries):
            raise SequenceConflict(self._shard, expected_seq, len(self._entries))
        self._entries.extend(entries)

    async def read(self, after_seq: int, limit: int) -> list[Entry]:
        return self._entries[after_seq : after_seq + limit]
