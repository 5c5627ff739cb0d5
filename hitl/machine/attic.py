"""What has left a shard's memory, and how it is still asked about: read beside the state, or brought back as an event."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from hitl.errors import HitlError
from hitl.machine.machine import Envelope, State


class Attic(Protocol[State]):
    """The archive of one shard's state."""

    async def fetch(self, asked: Any, refusal: HitlError) -> Any:
        """What is kept of that which ``asked``, a question or a command, lacked in memory; None for nothing. Raises
        StoreUnavailable."""

    def beside(self, state: State, found: Any) -> State:
        """``state`` with ``found`` in it, for reading. Changes nothing."""

    def recall(self, found: Any) -> Any:
        """The command that brings ``found`` back."""


class EmptyAttic:
    """The attic of a shard whose state stays in memory."""

    async def fetch(self, asked: Any, refusal: HitlError) -> Any:
        return None

    def beside(self, state: Any, found: Any) -> Any:
        return state

    def recall(self, found: Any) -> Any:
        raise NotImplementedError("nothing was found")


async def with_older(
    attic: Attic[State], asked: Any, refusal: HitlError, now: Callable[[], Awaitable[State]]
) -> tuple[State, Any]:
    """The state of ``now`` with what ``asked`` lacked, and that. Raises ``refusal`` where nothing is kept of it."""
    found = await attic.fetch(asked, refusal)
    if found is None:
        raise refusal
    return attic.beside(await now(), found), found


def recalling(attic: Attic[State], found: Any, envelope: Envelope, serial: str) -> Envelope:
    """The command before ``envelope`` that brings back what it changes."""
    return Envelope(attic.recall(found), f"recall:{envelope.command_id}:{serial}", "", envelope.by, envelope.request_id)
