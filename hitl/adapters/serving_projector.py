"""Carries every serving event to where gateways check it, until it has arrived."""

import asyncio
import logging
from typing import Any

from hitl.approval.serving.events import SERVING_EVENTS
from hitl.approval.serving.in_force import in_force
from hitl.crashpoints import crashpoint
from hitl.errors import Unavailable
from hitl.intake.ports import Pointer, Serving
from hitl.journal.entry import Commit

PAUSE_S = 0.2

log = logging.getLogger(__name__)


class ServingProjector:
    """A watcher of the approval shard. After a recovery the last pointer of each task is published again."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._unpublished: dict[str, Pointer] = {}
        self._changed = asyncio.Event()

    def replayed(self, seq: int, commit: Commit) -> None:
        for event in commit.events:
            if event["type"] in SERVING_EVENTS:
                self._unpublished[event["task"]] = _pointer(event, seq)

    def committed(self, seq: int, commit: Commit) -> None:
        self.replayed(seq, commit)
        self._changed.set()

    def appended(self, entries: int, seconds: float) -> None:
        """Each append, and the idle check too, is a chance to publish what a recovery found."""
        self._changed.set()

    async def run(self) -> None:
        """Publish until cancelled; repeats while the store is away."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            for task, pointer in list(self._unpublished.items()):
                await self._publish(task, pointer)

    async def _publish(self, task: str, pointer: Pointer) -> None:
        crashpoint("promotion.before_publish")
        try:
            await self._serving.publish(task, pointer)
        except Unavailable as error:
            log.warning("generation %d of task %s is not published yet: %s", pointer.generation, task, error)
            self._changed.set()
            await asyncio.sleep(PAUSE_S)
            return
        crashpoint("promotion.after_publish")
        if self._unpublished.get(task) == pointer:
            del self._unpublished[task]


def _pointer(event: dict[str, Any], seq: int) -> Pointer:
    versions = tuple((digest, float(share)) for digest, share in event["versions"])
    return Pointer(event["generation"], versions, seq, **in_force(event).plain())
