"""What has left a shard's memory, and how it is still asked about: read beside the state, or brought back as an event."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from hitl.errors import HitlError, NotFound, NotInMemory
from hitl.machine.asked import A
from hitl.machine.machine import Envelope, Outcome, State


class StateArchive(Protocol[State]):
    """The archive of one shard's state. ``recalling`` is held by whoever brings something back."""

    recalling: asyncio.Lock

    async def fetch(self, asked: Any, refusal: HitlError) -> Any:
        """Return what is kept of that which ``asked``, a question or a command, lacked in memory; None for nothing. Raises
        StoreUnavailable."""

    async def fetch_listed(self, state: State, question: Any) -> Any:
        """Return what of the archive may stand on the page of a list that ``question`` asks for, with what memory has of it; None
        for any other question, and where memory alone answers. Raises StoreUnavailable."""

    async def fetch_known(self, command: Any) -> Any:
        """Return what is kept of the object that ``command`` would open under a name that others choose; None for any other
        command, and for a new name. Raises StoreUnavailable."""

    def beside(self, state: State, found: Any) -> State:
        """``state`` with ``found`` in it, for reading. Changes nothing."""

    def merged(self, found: Any, more: Any) -> Any:
        """Return ``found`` with ``more``, which was read after it for the same question. May change ``found``."""

    def recall(self, found: Any) -> Any:
        """Return the command that brings ``found`` back."""


class NothingListed:
    """Of an archive whose lists are answered by memory, and whose commands open nothing under a name that others choose."""

    async def fetch_listed(self, state: Any, question: Any) -> Any:
        return None

    async def fetch_known(self, command: Any) -> Any:
        return None


class EmptyArchive(NothingListed):
    """The attic of a shard whose state stays in memory."""

    def __init__(self) -> None:
        self.recalling = asyncio.Lock()

    async def fetch(self, asked: Any, refusal: HitlError) -> Any:
        return None

    def beside(self, state: Any, found: Any) -> Any:
        return state

    def merged(self, found: Any, more: Any) -> Any:
        raise NotImplementedError("nothing was found")

    def recall(self, found: Any) -> Any:
        raise NotImplementedError("nothing was found")


async def answered(
    attic: StateArchive[State], question: Any, now: Callable[[], Awaitable[State]], query: Callable[[State], A]
) -> A:
    """Return what ``query`` answers of the state of ``now``, or of that with what ``question`` lacks in it. Raises its refusals.
    More may leave while the archive is read: then that is read too."""
    found = await attic.fetch_listed(await now(), question)
    asked: set[str] = set()
    while True:
        try:
            state = await now()
            return query(state if found is None else attic.beside(state, found))
        except (NotFound, NotInMemory) as refusal:
            lacked = _lacked(refusal)
            if lacked <= asked:  # it was looked for, and is not there
                raise
            asked |= lacked
            more = await _fetched(attic, question, refusal)
            found = more if found is None else attic.merged(found, more)


async def submitted(attic: StateArchive[State], envelope: Envelope[A], shard: "Writable[State]") -> A:
    """Return the answer of ``shard`` to ``envelope``. What it changes and is not in memory is brought back first; where it
    changes nothing, or is refused, nothing comes back."""
    known = await attic.fetch_known(envelope.command)
    if known is not None:
        return await _submitted_beside(attic, envelope, shard, known)
    try:
        return await shard.enqueue(envelope)
    except (NotFound, NotInMemory):
        # One at a time, looking again: what another brought back, changed and let go meanwhile must not come back as it was.
        async with attic.recalling:
            return await _resubmitted(attic, envelope, shard)


async def _resubmitted(attic: StateArchive[State], envelope: Envelope[A], shard: "Writable[State]") -> A:
    try:
        return await shard.enqueue(envelope)
    except (NotFound, NotInMemory) as refusal:
        found = await _fetched(attic, envelope.command, refusal)
    return await _submitted_beside(attic, envelope, shard, found)


async def _submitted_beside(attic: StateArchive[State], envelope: Envelope[A], shard: "Writable[State]", found: Any) -> A:
    outcome = shard.outcome(attic.beside(await shard.state(), found), envelope.command)
    if not outcome.events:
        unchanged: A = outcome.answer
        return unchanged
    name = f"recall:{envelope.command_id}:{shard.epoch}-{shard.seq}"
    recall: Envelope[Any] = Envelope(attic.recall(found), name, "", envelope.by, envelope.request_id)
    # Side by side, so that it cannot leave again in between.
    recalled, answer = shard.enqueue(recall), shard.enqueue(envelope)
    await asyncio.gather(recalled, answer)
    return answer.result()


class Writable(Protocol[State]):
    """What ``submitted`` asks of a shard."""

    @property
    def epoch(self) -> int: ...

    @property
    def seq(self) -> int: ...

    def enqueue(self, envelope: Envelope[A]) -> asyncio.Future[A]: ...

    async def state(self) -> State:
        """Return the committed one."""

    def outcome(self, state: State, command: Any) -> Outcome:
        """What ``command`` would do now in ``state``."""


def _lacked(refusal: NotFound | NotInMemory) -> set[str]:
    return set(refusal.ids) if isinstance(refusal, NotInMemory) else {str(refusal)}


async def _fetched(attic: StateArchive[State], asked: Any, refusal: HitlError) -> Any:
    """Return what ``asked`` lacked. Raises ``refusal`` where nothing is kept of it."""
    found = await attic.fetch(asked, refusal)
    if found is None:
        raise refusal
    return found
