"""Cases that bring their file inside them: stored as an upload is, and named by a handle from then on.

The case is checked whole before its file is stored, and the file is stored before the case. A repetition with the same bytes
takes the handle of the stored case, and stores nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from hitl.blobs.handle import BlobHandle
from hitl.blobs.names import BlobName
from hitl.canonical import JsonObject
from hitl.errors import Erased, HitlError, IdempotencyConflict, InvalidInput, StoreUnavailable
from hitl.intake import Intake
from serve_app.decisions.case_blobs import CaseBlobs, TriedFile
from serve_app.decisions.case_maker import CaseMaker, DecisionRequest
from serve_app.decisions.case_store import find_at
from serve_app.decisions.case_writer import Kept
from serve_app.decisions.decision_body import max_body_bytes
from serve_app.decisions.inline_body import InlineFile, most_bytes
from serve_app.decisions.new_case import NewCase
from serve_app.setup.vault import Vault

Submit = Callable[[NewCase], Awaitable[Kept]]


def room_for(blobs: CaseBlobs | None, asked: DecisionRequest, declared: int | None) -> AbstractContextManager[None]:
    """Hold the bytes of a body that may have a file in it, as those of an upload are held; ``declared`` None: it does not say
    how long it is. What is too long is refused before it is read, and needs no room. Raises Overloaded on entry."""
    spec = asked.spec
    if blobs is None or spec.input.files is None:
        return nullcontext()
    if declared is not None and not max_body_bytes(spec) < declared <= most_bytes(spec):
        return nullcontext()
    return blobs.in_hand.hold(asked.caller.id, most_bytes(spec) if declared is None else declared)


@dataclass(frozen=True, slots=True)
class InlineFiles:
    """``submit`` lets a case join a micro-batch, and returns what is stored of it."""

    blobs: CaseBlobs
    maker: CaseMaker
    vault: Vault
    intakes: Sequence[Intake]
    submit: Submit

    async def decide(self, asked: DecisionRequest, body: JsonObject, file: InlineFile) -> Kept:
        """Store the file of ``body``, then its case. Raises InvalidInput, Forbidden, TooManyRequests, StorageFull,
        IdempotencyConflict, Erased, StoreUnavailable, and what ``submit`` raises; a file whose case is known not to be stored
        is removed again."""
        secret = await self.maker.secret()
        if (known := await self._known(asked, secret, file)) is not None:
            return await self.submit(self.maker.make(asked, secret, file.replaced(body, known)))
        tried = await self._tried(asked, secret, file)
        case = self.maker.make(asked, secret, file.replaced(body, tried.handle))
        await self.blobs.keep(tried)
        try:
            return await self.submit(await self.blobs.claim(case, self.intakes))
        except HitlError as error:
            is_in_doubt = isinstance(error, StoreUnavailable)
            await self._drop_unless_named(case, tried.blob.name, is_in_doubt)
            if not isinstance(error, IdempotencyConflict):
                raise
        known = await self._known(asked, secret, file)  # the same request came twice at once, and the other one was first
        if known is None:
            raise IdempotencyConflict(asked.key)
        return await self.submit(self.maker.make(asked, secret, file.replaced(body, known)))

    async def _tried(self, asked: DecisionRequest, secret: bytes, file: InlineFile) -> TriedFile:
        terms = asked.spec.input.files
        assert terms is not None
        if self.blobs.quota is not None:
            await self.blobs.quota.check_bytes(asked.caller, len(file.data))
        try:
            return await self.blobs.try_file(secret, asked.caller.id, asked.spec.task, file.data, terms)
        except InvalidInput as error:
            raise InvalidInput(file.place, error.expected) from error

    async def _known(self, asked: DecisionRequest, secret: bytes, file: InlineFile) -> BlobHandle | None:
        """Return the handle of these bytes in the case that is stored under the request's key; None where none is stored. Raises
        IdempotencyConflict where it names another file, Erased, StoreUnavailable."""
        stored = await find_at(self.intakes, self.maker.names(asked, secret).places)
        if stored is None:
            return None
        if self.vault.is_erased(stored):
            raise Erased(stored.record.case_id)
        handle = self.vault.handle_of(stored, file.sha256)
        if handle is None:
            raise IdempotencyConflict(asked.key)
        return handle

    async def _drop_unless_named(self, case: NewCase, name: BlobName, is_in_doubt: bool) -> None:
        """Remove the file that was stored for ``case``, unless the stored case names it. Where nobody knows whether the case is
        stored the file stays: the sweep asks again on the second day."""
        stored = await find_at(self.intakes, case.places)
        is_named = is_in_doubt if stored is None else name in self.vault.blobs_of(stored)
        if not is_named:
            await asyncio.to_thread(self.blobs.store.remove, name)
