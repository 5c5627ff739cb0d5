"""Archived reviews in the store: compressed, one hash field for each case, read on request."""

import asyncio
import zlib
from collections.abc import Awaitable, Mapping
from typing import Any, cast

from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import script, store_errors
from hitl.errors import Fenced, HitlError, NotInMemory, StoreUnavailable
from hitl.review.archiving import beside, unpacked
from hitl.review.commands import RecallCase
from hitl.review.show import show
from hitl.review.state import Review, ReviewState

TORN = b""
"""No case is so short."""


class ArchivedCaseStore:
    """The cases that ``shard`` keeps outside its memory. All methods raise StoreUnavailable."""

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
        with store_errors():
            found = await cast(Awaitable[list[bytes | None]], self._client.hmget(self._keys[0], case_ids))
        return [_opened(data) for data in found if data is not None]


class ReviewArchive:
    """The hitl.machine.archive.StateArchive of a review shard."""

    def __init__(self, cases: ArchivedCaseStore) -> None:
        self._cases, self.recalling = cases, asyncio.Lock()

    async def fetch(self, asked: Any, refusal: HitlError) -> list[Review] | None:
        wanted = _cases_of(asked, refusal)
        kept = await self._cases.find(wanted) if wanted else []
        if TORN in kept:
            raise StoreUnavailable(f"what is kept of a case does not open: one of {', '.join(wanted[:5])}")
        return await asyncio.to_thread(_reviews, kept) if kept else None

    def beside(self, state: ReviewState, found: list[Review]) -> ReviewState:
        return beside(state, found)

    def recall(self, found: list[Review]) -> RecallCase:
        return RecallCase(tuple(show(review) for review in found))


def _opened(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error:
        return TORN


def _cases_of(asked: Any, refusal: HitlError) -> list[str]:
    if isinstance(refusal, NotInMemory):
        return list(dict.fromkeys(map(_case_of, refusal.review_ids)))
    case_id = getattr(asked, "case_id", None) or _case_of(getattr(asked, "review_id", None) or "")
    return [case_id] if case_id else []


def _case_of(review_id: str) -> str:
    return review_id.rpartition("-")[0]


def _reviews(kept: list[bytes]) -> list[Review]:
    return [review for data in kept for review in unpacked(data)]
