"""Files that come with cases: brought before their case, tried, sealed and stored; then named by it."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from secrets import token_bytes
from typing import Protocol
from weakref import WeakValueDictionary

from hitl.adapters.checkers.decoder import FileDecoder
from hitl.adapters.files.blob_store import BlobStore
from hitl.blobs.file_types import FileTerms, check_file
from hitl.blobs.handle import BlobHandle, FileFacts
from hitl.blobs.names import BlobName
from hitl.blobs.ownership import Blob, check_owner, mint_handle
from hitl.blobs.sealed import seal_blob
from hitl.canonical import Json, digest_of
from hitl.errors import InvalidInput, Overloaded
from hitl.identity import Principal
from hitl.intake import Intake
from hitl.tasks import TaskSpec
from serve_app.decisions.case_store import find_at
from serve_app.decisions.new_case import NewCase

BYTES_IN_HAND = 128 * 2**20
"""Of uploads in one replica at a time; one account has half of them at most."""

GONE = "a file that is still kept: a handle opens cases for a day, and until its case is erased; bring the file again"


class ByteQuota(Protocol):
    """serve_app.http.limits.RequestLimits."""

    async def check_bytes(self, who: Principal, count: int) -> None:
        """Raises TooManyRequests."""


@dataclass(slots=True)
class BytesInHand:
    """The bytes of uploads that this replica reads or stores now, by account: memory stays flat under any number of them."""

    most: int = BYTES_IN_HAND
    held: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def hold(self, account: str, count: int) -> Iterator[None]:
        """Raises Overloaded where they do not fit."""
        mine = self.held.get(account, 0)
        if sum(self.held.values()) + count > self.most or mine + count > self.most // 2:
            raise Overloaded("bytes of files that are taken in at a time", self.most)
        self.held[account] = mine + count
        try:
            yield
        finally:
            self.held[account] -= count
            if not self.held[account]:
                del self.held[account]


@dataclass(frozen=True, slots=True)
class TriedFile:
    """A file that was decoded whole, with the handle that it gets and the ``blob`` that says where it is to be stored."""

    data: bytes
    handle: BlobHandle
    blob: Blob


@dataclass(frozen=True, slots=True)
class CaseBlobs:
    """``quota`` counts what an account brings, None: nothing does; ``wall`` gives UTC seconds."""

    store: BlobStore
    decoder: FileDecoder
    wall: Callable[[], float]
    quota: ByteQuota | None = None
    in_hand: BytesInHand = field(default_factory=BytesInHand)
    turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    """Of each account: it waits for the decoder with one file at a time, so that files that take long hold up its own alone."""

    async def bring(self, secret: bytes, client: str, task: str, data: bytes, terms: FileTerms) -> BlobHandle:
        """Store one file; its handle leaves only after that. Each time under a new name: nothing tells whether the same bytes
        came before. Raises InvalidInput, StorageFull, StoreUnavailable."""
        tried = await self.try_file(secret, client, task, data, terms)
        await self.keep(tried)
        return tried.handle

    async def try_file(self, secret: bytes, client: str, task: str, data: bytes, terms: FileTerms) -> TriedFile:
        """Decode one file, and give it a handle and a place. Stores nothing. Raises InvalidInput, StoreUnavailable."""
        kind = await asyncio.to_thread(check_file, data, terms)
        async with self.turns.setdefault(client, asyncio.Lock()):
            found = await self.decoder.check(data, kind, terms)
        digest = await asyncio.to_thread(digest_of, data)
        handle, blob = mint_handle(
            secret, client, task, self.wall(), FileFacts(digest, kind, len(data), found.pages, found.duration_ms), token_bytes
        )
        return TriedFile(data, handle, blob)

    async def keep(self, tried: TriedFile) -> None:
        """Store the file, sealed. Raises StorageFull, StoreUnavailable."""
        blob = tried.blob
        sealed = await asyncio.to_thread(seal_blob, tried.data, blob.name, blob.data_key, token_bytes)
        await asyncio.to_thread(self.store.put, blob.name, sealed)

    async def claim(self, case: NewCase, intakes: Sequence[Intake]) -> NewCase:
        """Note in the store of files that ``case`` names its own, before it is stored itself. Nothing is noted for a case that is
        stored already: the writer says what became of it, and an erasure would not find what a repetition noted. Raises
        InvalidInput for a file that is gone."""
        if case.blobs and await find_at(intakes, case.places) is not None:
            return case
        for place, name in case.blobs:
            may_be_new = not name.is_over(self.wall())
            if not await asyncio.to_thread(self.store.claim, name, case.case_id, may_be_new):
                raise InvalidInput(place, GONE)
        return case

    async def claim_all(self, cases: Sequence[NewCase | Exception], intakes: Sequence[Intake]) -> list[NewCase | Exception]:
        """Claim for each case; what fails takes the place of its case."""

        async def claimed(case: NewCase | Exception) -> NewCase | Exception:
            if isinstance(case, Exception):
                return case
            try:
                return await self.claim(case, intakes)
            except Exception as error:  # noqa: BLE001 - the row's own, as in the batch
                return error

        return list(await asyncio.gather(*map(claimed, cases)))


def owned_blobs(secret: bytes, client: str, spec: TaskSpec, features: Json) -> tuple[tuple[str, BlobName], ...]:
    """Return the blobs that ``features`` name, with their places. Raises InvalidInput for one that is not this client's."""
    found = spec.input.blobs_in(features)
    return tuple((place, check_owner(secret, client, spec.task, handle, place).name) for place, handle in found)
