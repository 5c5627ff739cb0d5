"""Archived reviews in the store: compressed, one hash field for each case, read on request.

Once they are many they move on to files (hitl.adapters.valkey.settled_mover)."""

import asyncio
import zlib
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from typing import Any, Protocol, cast

from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import script, store_errors
from hitl.errors import Fenced, HitlError, NotInMemory, StoreUnavailable
from hitl.machine.archive import NothingListed
from hitl.machine.listing import Wanted
from hitl.review.archiving import Fetched, beside_all, fetched
from hitl.review.commands import RecallCase
from hitl.review.find import case_of
from hitl.review.row_lists import is_chunk
from hitl.review.show import show
from hitl.review.state import ReviewState

TORN = b""
"""No case is so short."""

SCANNED = 500
"""Fields a step of a scan."""


class KeptCases(Protocol):
    """What is kept of the settled cases of one shard."""

    async def find(self, case_ids: list[str]) -> list[bytes]:
        """Find the archived data of those of ``case_ids`` that are archived; TORN for one that does not open. Raises
        ChainBroken for data that was changed, StoreUnavailable."""

    async def in_reading_order(self, case_ids: Iterable[str]) -> list[str]:
        """``case_ids`` in the order in which ``find`` reads them fastest. Raises StoreUnavailable."""


class ListedObjects(KeptCases, Protocol):
    """A KeptCases that lists can be made of."""

    async def choose(self, wanted: Mapping[str, Wanted]) -> list[str]:
        """Return the ids of the newest objects that are ``wanted``. Raises ChainBroken, StoreUnavailable."""


class ArchivedCaseStore:
    """A KeptCases in the store: the cases that ``shard`` keeps there, outside its memory. All methods raise StoreUnavailable."""

    def __init__(self, client: Redis, shard: str) -> None:
        self._client, self._shard = client, shard
        self._keep = script(client, "keep_cases")
        self._keys = [names.kept_cases(shard), names.epoch(shard)]

    async def keep(self, epoch: int, cases: Mapping[str, bytes]) -> None:
        """Store ``cases`` by id, durably, in place of what was kept of them. Raises Fenced for any but the present writer."""
        args = [part for case_id, data in cases.items() for part in (case_id, zlib.compress(data))]
        with store_errors():
            verdict = await self._keep(keys=self._keys, args=[epoch, *args])
        if verdict != b"OK":
            raise Fenced(self._shard, epoch, epoch + 1)

    async def find(self, case_ids: list[str]) -> list[bytes]:
        """Find the archived data of those of ``case_ids`` that are archived; TORN for one that does not open."""
        return list((await self.rows(case_ids)).values())

    async def in_reading_order(self, case_ids: Iterable[str]) -> list[str]:
        """All are equally near."""
        return list(case_ids)

    async def rows(self, case_ids: Sequence[str]) -> dict[str, bytes]:
        """As ``find``, by id."""
        with store_errors():
            found = await cast(Awaitable[list[bytes | None]], self._client.hmget(self._keys[0], list(case_ids)))
        return {case_id: opened(data) for case_id, data in zip(case_ids, found, strict=True) if data is not None}

    async def size(self) -> tuple[int, int]:
        """Return the number of cases and the memory that they take in bytes, about."""
        with store_errors():
            return await self._count(), int(await self._client.memory_usage(self._keys[0]) or 0)

    async def some(self, limit: int, most_bytes: int) -> dict[str, bytes]:
        """Return up to ``limit`` cases of about ``most_bytes`` in no order, as they are stored; ``opened`` reads them."""
        found, taken = dict[str, bytes](), 0
        with store_errors():
            async for case_id, data in self._client.hscan_iter(self._keys[0], count=SCANNED):
                found[case_id.decode()] = data
                taken += len(data)
                if len(found) == limit or taken >= most_bytes:
                    break
        return found

    async def has(self, case_ids: Sequence[str]) -> bool:
        """Tell whether all of ``case_ids`` are there."""
        return len(await self.rows(case_ids)) == len(case_ids)

    async def _count(self) -> int:
        return await self._client.hlen(self._keys[0])


class ReviewArchive(NothingListed):
    """The hitl.machine.archive.StateArchive of a review shard."""

    def __init__(self, cases: KeptCases) -> None:
        self._cases, self.recalling = cases, asyncio.Lock()

    async def fetch(self, asked: Any, refusal: HitlError) -> Fetched | None:
        wanted = _rows_of(asked, refusal)
        kept = await self._cases.find(wanted) if wanted else []
        if TORN in kept:
            raise StoreUnavailable(f"what is kept of a case does not open: one of {', '.join(wanted[:5])}")
        return await asyncio.to_thread(fetched, kept) if kept else None

    def beside(self, state: ReviewState, found: Fetched) -> ReviewState:
        return beside_all(state, found)

    def merged(self, found: Fetched, more: Fetched) -> Fetched:
        found.add(more)
        return found

    def recall(self, found: Fetched) -> RecallCase:
        return RecallCase(tuple(show(review) for review in found.reviews.values()))


def opened(data: bytes) -> bytes:
    """Return what is stored of a case, TORN where it does not open."""
    try:
        return zlib.decompress(data)
    except zlib.error:
        return TORN


def _rows_of(asked: Any, refusal: HitlError) -> list[str]:
    if isinstance(refusal, NotInMemory):
        return list(dict.fromkeys(each if is_chunk(each) else case_of(each) for each in refusal.ids))
    case_id = getattr(asked, "case_id", None) or case_of(getattr(asked, "review_id", None) or "")
    return [case_id] if case_id else []
