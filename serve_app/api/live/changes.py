"""Tell open pages that something changed: in which part of the service, never what."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass

from hitl.errors import HitlError
from hitl.machine.shards import ACCESS, APPROVAL, LEARNING, WORKFLOW, Shards, review_shards
from serve_app.http.telemetry import json_log

LOOK_S = 0.4
"""How often the shards are asked for their positions, while somebody listens."""
ALIVE_S = 5.0
"""A listener hears at least this often, and its right is looked at again."""
ALERTS = "alerts"
TOPICS = {APPROVAL: "approvals", WORKFLOW: "workflows", LEARNING: "learning", ACCESS: "people"}
REVIEWS = "reviews"

Positions = Mapping[str, int]
AlertPosition = Callable[[], Awaitable[int]]

log = json_log()


@dataclass(frozen=True, slots=True)
class ChangeMessage:
    """``topics`` are the parts that changed, none where the message only says that the line holds. Who comes back with
    ``changes`` as its cursor misses no change after it."""

    topics: list[str]
    changes: str
    type: str = "changed"


class ChangeFeed:
    """The positions of all shards, looked up once for all listeners of this replica."""

    def __init__(self, shards: Shards, partitions: int, alerts: AlertPosition | None = None) -> None:
        self._shards, self._names = shards, [*review_shards(partitions), *TOPICS]
        self._alerts = alerts
        self._positions: dict[str, int] = {}
        self._moved = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._listeners = 0

    async def listen(self, cursor: str) -> AsyncIterator[ChangeMessage]:
        """Messages after ``cursor`` (empty: from now on); the first one comes at once. Endless."""
        self._listeners += 1
        try:
            now = await self._look()
            known: Positions = read_cursor(cursor) or now
            self._start()
            yield ChangeMessage(changed(known, self._positions), write_cursor(self._positions))
            known = dict(self._positions)
            while True:
                await self._wait()
                yield ChangeMessage(changed(known, self._positions), write_cursor(self._positions))
                known = dict(self._positions)
        finally:
            self._listeners -= 1

    async def close(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    def _start(self) -> None:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._follow())

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(ALIVE_S):
                await self._moved.wait()
        except TimeoutError:
            return

    async def _follow(self) -> None:
        while self._listeners:
            before = dict(self._positions)
            if await self._look() != before:
                self._moved.set()
                self._moved = asyncio.Event()
            await asyncio.sleep(LOOK_S)

    async def _look(self) -> dict[str, int]:
        """The positions now; a shard that does not answer keeps its last one."""
        found = await asyncio.gather(*(self._at(name) for name in self._names), self._alerts_now())
        self._positions |= dict(zip([*self._names, ALERTS], found, strict=True))
        return dict(self._positions)

    async def _at(self, shard: str) -> int:
        try:
            return (await self._shards.status(shard))["seq"]
        except HitlError as error:
            log.info("a position is not known", shard=shard, error=str(error))
            return self._positions.get(shard, 0)

    async def _alerts_now(self) -> int:
        try:
            return await self._alerts() if self._alerts else 0
        except HitlError:
            return self._positions.get(ALERTS, 0)


def changed(before: Positions, now: Positions) -> list[str]:
    """The topics whose positions differ, in alphabetical order.

    >>> changed({"approval": 3, "review-0": 7}, {"approval": 4, "review-0": 7})
    ['approvals']
    """
    return sorted({_topic(name) for name, position in now.items() if before.get(name) != position})


def _topic(name: str) -> str:
    return name if name == ALERTS else TOPICS.get(name, REVIEWS)


def write_cursor(positions: Positions) -> str:
    """The positions as text.

    >>> write_cursor({"approval": 4, "review-0": 7})
    'approval:4.review-0:7'
    """
    return ".".join(f"{name}:{position}" for name, position in sorted(positions.items()))


def read_cursor(text: str) -> dict[str, int]:
    """The positions that ``text`` holds; nothing where it is no cursor of ours.

    >>> read_cursor("approval:4.review-0:7")
    {'approval': 4, 'review-0': 7}
    """
    parts = [part.split(":") for part in text[:2_000].split(".")]
    if not all(len(part) == 2 and part[1].isascii() and part[1].isdigit() and len(part[1]) <= 15 for part in parts):
        return {}
    return {name: int(position) for name, position in parts}
