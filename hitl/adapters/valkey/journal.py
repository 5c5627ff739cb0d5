"""A shard's journal as a stream; one script checks the epoch and the position, then appends.

Durable when the store runs with ``appendfsync always``: the store then answers after its fsync.
"""

from collections.abc import Sequence
from typing import cast

from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import script, store_errors
from hitl.adapters.valkey.rows import Row, rows_after, seq_of
from hitl.errors import Fenced, SequenceConflict
from hitl.journal.entry import Entry


class ValkeyJournal:
    """The hitl.journal.Journal of ``shard`` in the store behind ``client``."""

    def __init__(self, client: Redis, shard: str) -> None:
        self._client, self._shard = client, shard
        self._append = script(client, "append_journal")
        self._keys = [names.journal(shard), names.epoch(shard)]

    async def open_epoch(self) -> int:
        with store_errors():
            return int(await self._client.incr(self._keys[1]))

    async def append(self, epoch: int, expected_seq: int, entries: Sequence[Entry]) -> None:
        fields = [part for entry in entries for part in (entry.body, entry.hash, entry.signature)]
        with store_errors():
            verdict, number = await self._append(keys=self._keys, args=[epoch, expected_seq, *fields])
        if verdict == b"FENCED":
            raise Fenced(self._shard, epoch, number)
        if verdict == b"SEQ":
            raise SequenceConflict(self._shard, expected_seq, number)

    async def read(self, after_seq: int, limit: int) -> list[Entry]:
        rows = await rows_after(self._client, self._keys[0], after_seq, limit)
        return [_entry(row) for row in rows]

    async def trim(self, below_seq: int) -> int:
        """Drop the entries below ``below_seq``, which must be in the archive; how many. The last one always stays, since what
        comes next is counted from it. Raises StoreUnavailable."""
        with store_errors():
            last = cast(list[Row], await self._client.xrevrange(self._keys[0], count=1))
            keep = min(below_seq, seq_of(last[0])) if last else 0
            return int(await self._client.xtrim(self._keys[0], minid=f"{keep}-0", approximate=False))


def _entry(row: Row) -> Entry:
    """Return what stands there, whatever the disk made of it: its hash will not fit."""
    body, head, signature = (row[1].get(name, b"") for name in (b"b", b"h", b"s"))
    return Entry(seq_of(row), body, head.decode(errors="replace"), signature.decode(errors="replace"))


def fields_of(entry: Entry) -> dict[bytes, bytes]:
    """Return the fields of its row in the stream."""
    signature = {b"s": entry.signature.encode()} if entry.signature else {}
    return {b"b": entry.body, b"h": entry.hash.encode(), **signature}
