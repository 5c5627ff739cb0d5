"""Copy every serving event to the store's serving pointers, where gateways check it, and repair a forged pointer. The entries
that put definitions in force go to their index first, so that whoever sees the pointer finds the definition."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

from hitl.approval.definitions import DefinitionIndex, DefinitionKey, definitions_of
from hitl.crashpoints import crashpoint
from hitl.errors import Unavailable
from hitl.intake.ports import Pointer, Serving
from hitl.journal.entry import Effect
from hitl.serving.events import ServingChanged

PAUSE_S = 0.2
AUDIT_EVERY_S = 0.25
TOLD_FOR_S = 600.0
"""How long a pointer that was put back is told of."""

log = logging.getLogger(__name__)


class ServingProjector:
    """A watcher of the approval shard. After a recovery the last pointer of each task is published again.

    After an append, which proves that this writer still is the writer, what stands in the store is compared with what the
    journal said. A pointer that differs is put back: its generation may be any number, and gateways refuse it, but
    nothing could be stored under it."""

    def __init__(
        self, serving: Serving, monotonic: Callable[[], float] = time.monotonic, index: DefinitionIndex | None = None
    ) -> None:
        self._serving, self._monotonic, self._index = serving, monotonic, index
        self._unindexed: dict[DefinitionKey, int] = {}
        self._unpublished: dict[str, Pointer] = {}
        self._true: dict[str, Pointer] = {}
        self._changed = asyncio.Event()
        self._may_audit, self._audited_at = False, -AUDIT_EVERY_S
        self._told: tuple[float, str] | None = None

    @property
    def trouble(self) -> str | None:
        """The last pointer that was put back, for a while."""
        return self._told[1] if self._told and self._monotonic() - self._told[0] < TOLD_FOR_S else None

    def replayed(self, seq: int, effect: Effect[Any]) -> None:
        self._take(seq, effect.events)

    def committed(self, seq: int, effect: Effect[Any]) -> None:
        self._take(seq, effect.events)
        self._changed.set()

    def appended(self, entries: int, seconds: float) -> None:
        """Each append, and the idle check too, is a chance to publish what a recovery found."""
        self._may_audit = True
        self._changed.set()

    async def run(self) -> None:
        """Publish until cancelled; repeats while the store is away."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            if not await self._indexed():
                continue
            for task, pointer in list(self._unpublished.items()):
                await self._publish(task, pointer)
            await self._audit()

    async def _indexed(self) -> bool:
        """Publish which entries put definitions in force; while that is impossible, wake the loop again after a pause."""
        new = dict(self._unindexed)
        if self._index is None or not new:
            return True
        try:
            await self._index.publish(new)
        except Unavailable as error:
            log.warning("definitions are not published yet: %s", error)
            self._changed.set()
            await asyncio.sleep(PAUSE_S)
            return False
        self._unindexed = {key: seq for key, seq in self._unindexed.items() if key not in new}
        return True

    def _take(self, seq: int, events: Sequence[Any]) -> None:
        for event in events:
            self._unindexed |= dict.fromkeys(definitions_of(event), seq)
            if isinstance(event, ServingChanged):
                self._unpublished[event.task] = self._true[event.task] = _pointer(event, seq)

    async def _audit(self) -> None:
        if not self._may_audit or self._monotonic() - self._audited_at < AUDIT_EVERY_S:
            return
        self._may_audit, self._audited_at = False, self._monotonic()
        for task, pointer in list(self._true.items()):
            if task not in self._unpublished:
                await self._put_back(task, pointer)

    async def _put_back(self, task: str, pointer: Pointer) -> None:
        try:
            was_other = await self._serving.restore(task, pointer)
        except Unavailable as error:
            log.warning("the serving pointer of task %s is not compared: %s", task, error)
            return
        if was_other:
            why = f"the serving pointer of task {task} was changed by hand: generation {pointer.generation} was put back"
            self._told = (self._monotonic(), why)
            log.error("%s", why)

    async def _publish(self, task: str, pointer: Pointer) -> None:
        """Publish the pointer of ``task``; while that is impossible, wake the loop again after a pause."""
        crashpoint("promotion.before_publish")
        try:
            await self._serving.publish(task, pointer)
        except Unavailable as error:
            log.warning("generation %d of task %s is not published yet: %s", pointer.generation, task, error)
            self._changed.set()
            await asyncio.sleep(PAUSE_S)
            return
        crashpoint("promotion.after_publish")
        if self._unpublished.get(task) == pointer:  # a newer one may have come meanwhile
            del self._unpublished[task]


def _pointer(event: ServingChanged, seq: int) -> Pointer:
    return Pointer(event.generation, tuple(event.versions), seq, **event.in_force.fields())
