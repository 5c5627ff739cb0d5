"""The changes of interactions as they happen: one long poll for each replica, shared by all its sockets."""

import asyncio
from collections import deque
from dataclasses import dataclass

from hitl.errors import HitlError
from hitl.machine.shards import WORKFLOW, Shards
from hitl.workflow.questions import Changes
from hitl.workflow.views import InteractionChange
from serve_app.api.live.held import HeldConnections
from serve_app.api.services.context import LIVE_CONNECTIONS
from serve_app.http.telemetry import json_log

POLL_S = 20.0
PAUSE_S = 0.5
"""Before asking a shard again that could not answer."""

RECHECK_S = 5.0
"""How long a live stream may go on without a look at the right of whoever listens, also where nothing happens."""

RECENT = 2_000
"""Changes kept here; who is further behind reads them from the shard."""

log = json_log()


@dataclass(frozen=True, slots=True)
class FeedNews:
    """``is_complete`` False: some changes before these are lost, and what is pending must be read anew."""

    changes: list[InteractionChange]
    cursor: int
    is_complete: bool = True


class Feed:
    """Each reader has its own cursor, so that a slow one holds up nobody and a new replica goes on where an old one ended.
    ``held`` counts what each person holds open."""

    def __init__(self, shards: Shards, most_held: int = LIVE_CONNECTIONS) -> None:
        self._shards, self.held = shards, HeldConnections(most_held)
        self._recent: deque[InteractionChange] = deque(maxlen=RECENT)
        self._cursor: int | None = None
        self._moved = asyncio.Event()
        self._following: asyncio.Task[None] | None = None

    async def wait_for_changes(self, cursor: int) -> FeedNews:
        """Wait until there are changes after ``cursor``, and return them. Raises Recovering and its like."""
        self._follow_from(cursor)
        while self._cursor is not None and cursor == self._cursor:
            await self._moved.wait()
        if self._recent and self._recent[0].number <= cursor + 1 and cursor <= (self._cursor or 0):
            # Recent changes reach back to the cursor without a gap: the shard need not be asked.
            newer = [change for change in self._recent if change.number > cursor]
            return FeedNews(newer, newer[-1].number if newer else cursor)
        found = await self._shards.ask(WORKFLOW, Changes(cursor))
        if found.status == "waiting":
            await asyncio.sleep(PAUSE_S)
        return FeedNews(found.changes, found.cursor, found.is_complete)

    async def close(self) -> None:
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)

    def _follow_from(self, cursor: int) -> None:
        if self._following is None or self._following.done():
            self._cursor = cursor
            self._following = asyncio.get_running_loop().create_task(self._follow())

    async def _follow(self) -> None:
        while True:
            try:
                await self._next()
            except HitlError as error:
                log.info("the live feed waits", error=str(error))
                await asyncio.sleep(PAUSE_S)

    async def _next(self) -> None:
        found = await self._shards.wait(WORKFLOW, "interactions", Changes(self._cursor or 0), POLL_S)
        if not found.is_complete:
            self._recent.clear()
        self._recent.extend(found.changes)
        self._cursor = found.cursor
        self._moved.set()
        self._moved = asyncio.Event()
