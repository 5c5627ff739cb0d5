"""The border between an intake partition's stream and its archive: what the archive holds, and what leaves the stream."""

import zlib
from collections.abc import Awaitable, Collection, Sequence
from typing import cast

from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import script, store_errors
from hitl.adapters.valkey.memory_guard import used_share
from hitl.adapters.valkey.rows import Row, rows_after, seq_of
from hitl.errors import Fenced
from hitl.intake.record import CaseRecord
from hitl.intake.segments import ArchivedSegment
from hitl.machine.shards import review_shard
from hitl.review.archiving import tombstone

StoredAt = tuple[int, CaseRecord]

PAGE = 500
"""Cases a command."""


class Border:
    """That of ``partition``. All methods raise StoreUnavailable."""

    def __init__(self, client: Redis, partition: int) -> None:
        self._client, self._partition = client, partition
        self._border, self._segments = names.border(partition), names.segments(partition)
        self._cases, self._refs = names.cases(partition), names.refs(partition)
        self._deletions, self._unfinished = names.deletions(partition), names.unfinished_deletions(partition)
        self._archive, self._bury = script(client, "archive_cases"), script(client, "bury_cases")

    async def archived_to(self) -> int:
        """Return the last position that is in the archive."""
        with store_errors():
            return int(await self._client.hget(self._border, "archived_to") or 0)

    async def segments(self) -> dict[str, str]:
        """Return the digest of each segment that counts, by its name, in order of position."""
        with store_errors():
            found = cast(dict[bytes, bytes], await self._client.hgetall(self._segments))
        return dict(sorted((name.decode(), digest.decode()) for name, digest in found.items()))

    async def deletions(self, places: Sequence[str]) -> dict[str, str]:
        """Return the digest of the deletion of each of ``places`` whose cases went, all or in part."""
        if not places:
            return {}
        with store_errors():
            found = await cast(Awaitable[list[bytes | None]], self._client.hmget(self._deletions, list(places)))
        return {place: digest.decode() for place, digest in zip(places, found, strict=True) if digest is not None}

    async def all_deletions(self) -> dict[str, str]:
        """Return the digest of every deletion, by the place of the file."""
        with store_errors():
            found = cast(dict[bytes, bytes], await self._client.hgetall(self._deletions))
        return {place.decode(): digest.decode() for place, digest in sorted(found.items())}

    async def note_deletion(self, place: str, digest: str) -> None:
        """Let readers pass over what went of ``place``; the deletion is unfinished until ``finish_deletion``."""
        pipeline = self._client.pipeline(transaction=True)
        pipeline.hset(self._deletions, place, digest)
        pipeline.sadd(self._unfinished, place)
        with store_errors():
            await pipeline.execute()

    async def unfinished_deletions(self) -> list[str]:
        """Return the places whose deletion is on the record and not done yet."""
        with store_errors():
            found = cast(set[bytes], await self._client.smembers(self._unfinished))
        return sorted(place.decode() for place in found)

    async def finish_deletion(self, place: str) -> None:
        with store_errors():
            await self._client.srem(self._unfinished, place)

    async def forget(self, cases: Sequence[StoredAt]) -> None:
        """Remove all that the store has of deleted cases: what opens their inputs, their settled reviews, of which a line stays
        that says so, and whatever a crash left of them in the stream."""
        ids = [record.case_id for _, record in cases]
        for first in range(0, len(ids), PAGE):
            page = ids[first : first + PAGE]
            with store_errors():
                await self._client.hdel(names.wrapped_keys(self._partition), *page)
                await self._bury(keys=[names.kept_cases(review_shard(self._partition))], args=_lines(page))
            await self.drop(cases[first : first + PAGE])

    async def open_epoch(self) -> int:
        """Return the number of a new archiver: from now on no other one moves the border."""
        with store_errors():
            return int(await self._client.hincrby(self._border, "epoch", 1))

    async def advance(self, segment: ArchivedSegment) -> None:
        """Move the border behind ``segment``, which was read back. Raises Fenced for any but the present archiver, and where the
        border is elsewhere."""
        args: list[int | str] = [segment.epoch, segment.first, segment.last, segment.name, segment.digest]
        with store_errors():
            verdict = await self._archive(keys=[self._border, self._segments], args=args)
        if verdict != b"OK":
            raise Fenced(f"archive of intake-{self._partition}", segment.epoch, segment.epoch + 1)

    async def last(self) -> int:
        """Return the last position of the stream, 0 for none."""
        with store_errors():
            rows = cast(list[Row], await self._client.xrevrange(self._cases, count=1))
        return seq_of(rows[0]) if rows else 0

    async def taken_bytes(self) -> int:
        """Return the memory that the cases in the stream take, about."""
        with store_errors():
            return int(await self._client.memory_usage(self._cases) or 0)

    async def used_share(self) -> float:
        """Return how full the whole store is."""
        return await used_share(self._client)

    async def first_unopened(self, cursor: int) -> int | None:
        """Return the position of the first case behind ``cursor`` that people look at, or None."""
        rows = await rows_after(self._client, self._refs, cursor, 1)
        return seq_of(rows[0]) if rows else None

    async def behind(self, after: int, archived_to: int, limit: int) -> list[StoredAt]:
        """Return up to ``limit`` cases behind ``after`` that are still in the stream and in the archive too."""
        rows = await rows_after(self._client, self._cases, after, limit)
        return [(seq_of(row), CaseRecord.decode(row[1][b"b"])) for row in rows if seq_of(row) <= archived_to]

    async def drop(self, cases: Sequence[StoredAt]) -> None:
        """Remove cases that are in the archive. Whatever a crash leaves of it is removed by the next call; the keys go first, so
        that it is found by its place in the stream."""
        ids = [f"{seq}-0" for seq, _ in cases]
        pipeline = self._client.pipeline(transaction=False)
        pipeline.delete(*(names.case(self._partition, record.case_id) for _, record in cases))
        pipeline.xdel(self._refs, *ids)
        pipeline.xdel(self._cases, *ids)
        with store_errors():
            await pipeline.execute()

    async def holds(self, seqs: Collection[int]) -> bool:
        """Tell whether every position of ``seqs`` is in the stream."""
        found = [await rows_after(self._client, self._cases, seq - 1, 1) for seq in seqs]
        return all(rows and seq_of(rows[0]) == seq for seq, rows in zip(seqs, found, strict=True))


def _lines(case_ids: Sequence[str]) -> list[str | bytes]:
    return [part for case_id in case_ids for part in (case_id, zlib.compress(tombstone(case_id)))]
