"""The intake of one partition in Valkey: a stream of all cases, a stream of those for people, and a key for each case."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import cast

from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import script, store_errors
from hitl.adapters.valkey.memory_guard import MemoryGuard
from hitl.adapters.valkey.rows import Row, row_of, rows_after, seq_of
from hitl.errors import CaseExists, ChainBroken, IndexBehind, PartitionsAdded, StaleGeneration
from hitl.intake.chains import ChainHead, Link
from hitl.intake.deletions import Deletion
from hitl.intake.ports import Appended, IntakeBatch, RoutedRow, StoredCase
from hitl.intake.record import CaseRecord


class ValkeyIntake:
    """The hitl.intake.Intake of ``partition``. Case ids within one batch must differ. ``added`` is how often partitions were
    added to the store, as far as this writer knows."""

    def __init__(self, client: Redis, partition: int, added: int = 0) -> None:
        self._client, self._partition, self._added = client, partition, added
        self.lost: dict[str, str] = {}
        self.deleted: dict[tuple[str, str], int] = {}
        self._append, self._find = script(client, "append_cases"), script(client, "find_case")
        self._known, self._rows = script(client, "known_cases"), script(client, "rows_at")
        self._guard = MemoryGuard(client)
        self._cases, self._refs, self._wrapped = names.cases(partition), names.refs(partition), names.wrapped_keys(partition)
        self._heads = names.gateway_heads(partition)

    async def append(self, batch: IntakeBatch, covered: int = 0) -> Appended:
        """``covered`` is the position up to which the caller looked for the ids in the archive. Raises IndexBehind where cases
        behind it may have left the store, PartitionsAdded where this writer knows of fewer partitions than the store."""
        await self._guard.check()
        with store_errors():
            verdict, *rest = await self._append(keys=self._keys(batch.records), args=_arguments(batch, covered, self._added))
        if verdict == b"ADDED":
            raise PartitionsAdded(self._added, rest[0])
        if verdict == b"BEHIND":
            raise IndexBehind("the index of archived cases is not up to date", rest[0])
        if verdict == b"STALE":
            task = rest[0].decode()
            raise StaleGeneration(task, batch.generations[task], rest[1])
        if verdict == b"EXISTS":
            raise CaseExists({r.case_id: int(at) for r, at in zip(batch.records, rest, strict=True) if at})
        return Appended(list(range(rest[0], rest[0] + len(batch.records))))

    async def find(self, case_id: str) -> StoredCase | None:
        with store_errors():
            found = await self._find(keys=[self._cases, names.case(self._partition, case_id), self._wrapped], args=[case_id])
        return _from_flat(*found) if found else None

    async def known(self, case_ids: Sequence[str]) -> set[str]:
        return (await self.look_for(case_ids))[0]

    async def look_for(self, case_ids: Sequence[str]) -> tuple[set[str], int]:
        """Return which of ``case_ids`` are in the store, and the position up to which cases may have left it, both of one moment.
        Raises StoreUnavailable."""
        keys = [names.border(self._partition), *(names.case(self._partition, case_id) for case_id in case_ids)]
        with store_errors():
            archived_to, *found = await self._known(keys=keys)
        return {case_id for case_id, seq in zip(case_ids, found, strict=True) if seq is not None}, archived_to

    async def wrapped_key(self, case_id: str) -> bytes | None:
        """Return what opens the input of ``case_id``. Raises StoreUnavailable."""
        with store_errors():
            return cast(bytes | None, await self._client.hget(self._wrapped, case_id))

    async def drop_key(self, case_id: str) -> bool:
        with store_errors():
            return bool(await self._client.hdel(self._wrapped, case_id))

    async def case_at(self, seq: int) -> StoredCase | None:
        """Return the case at position ``seq``, or None. Raises StoreUnavailable."""
        rows = await self._rows_at([seq])
        return _stored(rows[0]) if rows else None

    async def reviewable(self, after_seq: int, limit: int) -> list[StoredCase]:
        refs = await rows_after(self._client, self._refs, after_seq, limit)
        return [_stored(row) for row in await self._rows_at([seq_of(ref) for ref in refs])] if refs else []

    async def cases(self, after_seq: int, limit: int) -> list[StoredCase]:
        return [_stored(row) for row in await rows_after(self._client, self._cases, after_seq, limit)]

    async def routed(self, after_seq: int, limit: int) -> list[RoutedRow]:
        rows = await rows_after(self._client, self._cases, after_seq, limit)
        return [RoutedRow.read(seq_of(row), row[1][b"b"], row[1][b"p"]) for row in rows]

    async def new_deletions(self, known: Collection[str]) -> list[Deletion]:
        """Nothing is deleted before it was archived."""
        return []

    async def wait_beyond(self, after_seq: int, timeout_s: float) -> bool:
        """Tell whether a case for people stands after ``after_seq``; waits for one up to ``timeout_s``, below the client's
        own limit. Raises StoreUnavailable."""
        with store_errors():
            found = await self._client.xread({self._refs: f"{after_seq}-0"}, count=1, block=max(1, int(timeout_s * 1000)))
        return bool(found)

    async def links(self, after_seq: int, limit: int) -> list[Link]:
        """Return up to ``limit`` links of the gateways' chains after ``after_seq``, in order of position. Raises ChainBroken for
        what is none."""
        rows = await rows_after(self._client, self._cases, after_seq, limit)
        try:
            return [_link(row) for row in rows]
        except (KeyError, ValueError) as error:  # the disk changed a field's name, a number, or a text's bytes
            raise ChainBroken(f"intake-{self._partition}", after_seq + 1) from error

    async def references(self, after_seq: int, limit: int) -> list[tuple[int, str]]:
        """Return up to ``limit`` positions of cases for people after ``after_seq``, with their ids, in order."""
        return [(seq_of(row), row[1][b"c"].decode()) for row in await rows_after(self._client, self._refs, after_seq, limit)]

    async def heads(self) -> dict[str, ChainHead]:
        """Return the last record of each gateway incarnation that is not forgotten. Raises StoreUnavailable."""
        with store_errors():
            found = cast(dict[bytes, bytes], await self._client.hgetall(self._heads))
        return {gateway.decode(): _head(text.decode()) for gateway, text in found.items()}

    async def archived_to(self) -> int:
        """0: this is the store alone, and vouches for nothing in the archive."""
        return 0

    async def forget_heads(self, gateways: Sequence[str]) -> None:
        """Drop them from ``heads``; one that appends again is there again. Raises StoreUnavailable."""
        with store_errors():
            await self._client.hdel(self._heads, *gateways)

    async def _rows_at(self, seqs: Sequence[int]) -> list[Row]:
        """Return the rows at ``seqs``, without those that are not there, by one command: reviews are opened page by page."""
        with store_errors():
            found = await self._rows(keys=[self._cases], args=seqs)
        return [row_of(entry) for entry in found]

    def _keys(self, records: Sequence[CaseRecord]) -> list[str]:
        ids = [record.case_id for record in records]
        if len(set(ids)) != len(ids):
            raise ValueError("a batch holds each case once")
        head = [self._cases, self._refs, names.case_seq(self._partition), names.serving(self._partition), self._wrapped]
        head += [self._heads, names.border(self._partition)]
        return head + [names.case(self._partition, each) for each in ids]


def _arguments(batch: IntakeBatch, covered: int, added: int) -> list[str | bytes | int]:
    head: list[str | bytes | int] = [batch.gateway, batch.first_link, covered, added, len(batch.generations)]
    tasks = [part for pair in batch.generations.items() for part in pair]
    rows = zip(batch.records, batch.encoded(), batch.payloads, batch.links, batch.wrapped_keys(), strict=True)
    cases = [part for record, body, payload, link, key in rows for part in _row(record, body, payload, link, key)]
    return [*head, *tasks, *cases]


def _row(record: CaseRecord, body: bytes, payload: bytes, link: str, key: bytes) -> tuple[str, bytes, bytes, int, str, bytes]:
    return record.case_id, body, payload, int(record.is_for_people), link, key


def _from_flat(entry: tuple[bytes, list[bytes]], wrapped_key: bytes | None) -> StoredCase:
    return replace(_stored(row_of(entry)), wrapped_key=wrapped_key)


def _stored(row: Row) -> StoredCase:
    return StoredCase(seq_of(row), CaseRecord.decode(row[1][b"b"]), row[1][b"p"])


def _head(text: str) -> ChainHead:
    seq, counter, link = text.split(" ")
    return ChainHead(int(seq), int(counter), link)


def _link(row: Row) -> Link:
    fields = row[1]
    gateway, counter, link = fields[b"g"].decode(), int(fields[b"n"]), fields[b"h"].decode()
    return Link(seq_of(row), gateway, counter, fields[b"b"], link, fields.get(b"p"))
