"""Tell open pages that something changed: in which part of the service, never what, and only where the person may look."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from hitl.errors import HitlError
from hitl.identity import Principal
from hitl.machine.shards import ACCESS, APPROVAL, LEARNING, WORKFLOW, Shards, review_shards
from serve_app.api.live.stream import Who
from serve_app.api.live.told import ALERTS, Positions, changed, topics_of, visible
from serve_app.http.telemetry import json_log

LOOK_S = 0.4
"""How often the shards are asked for their positions, while somebody listens."""
ALIVE_S = 5.0
"""A listener hears at least this often, and its right is looked at again."""
BEATS = 3
"""Who is bounded to some tasks is told at every third beat to look again, whether anything changed or not."""
STEADY = "steady"
"""The cursor of who is bounded to some tasks: it says nothing."""

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
        self._shards, self._names = shards, [*review_shards(partitions), APPROVAL, WORKFLOW, LEARNING, ACCESS]
        self._alerts = alerts
        self._positions: dict[str, int] = {}
        self._moved = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._listeners = 0

    async def listen(self, cursor: str, who: Who) -> AsyncIterator[ChangeMessage]:
        """Messages after ``cursor`` (empty: from now on) for ``who``, who is asked anew at every beat; the first one comes at
        once. Endless. Raises Unauthenticated."""
        self._listeners += 1
        try:
            now, line = await self._look(), ChangeLine(await who())
            self._start()
            yield line.first(cursor, now)
            beat = time.monotonic() + ALIVE_S
            while True:
                await self._wait(beat - time.monotonic())
                if is_beat := time.monotonic() >= beat:
                    beat, line.person = time.monotonic() + ALIVE_S, await who()
                message = line.next(self._positions, is_beat)
                if message.topics or is_beat:  # who may not see a part does not learn from a silence that ends, either
                    yield message
        finally:
            self._listeners -= 1

    async def close(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    def _start(self) -> None:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._follow())

    async def _wait(self, longest_s: float) -> None:
        try:
            async with asyncio.timeout(longest_s):
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
        """Return the positions now; a shard that does not answer keeps its last one."""
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


class ChangeLine:
    """One listener: who it is now, and what they were told last."""

    def __init__(self, person: Principal) -> None:
        self.person = person
        self._told: Positions = {}
        self._beats = 0

    def first(self, cursor: str, now: Positions) -> ChangeMessage:
        """Return what has changed since ``cursor``; nothing where there is none."""
        seen = visible(self.person, now)
        self._told = seen
        if not self.person.is_of_every_task:
            return ChangeMessage(topics_of(self.person) if cursor else [], STEADY)
        return ChangeMessage(changed(read_cursor(cursor) or seen, seen), write_cursor(seen))

    def next(self, now: Positions, is_beat: bool) -> ChangeMessage:
        """Return what has changed since the last message; no topics where nothing has."""
        if not self.person.is_of_every_task:
            self._beats += is_beat
            is_due = is_beat and self._beats % BEATS == 0
            return ChangeMessage(topics_of(self.person) if is_due else [], STEADY)
        before, self._told = self._told, visible(self.person, now)
        return ChangeMessage(changed(before, self._told), write_cursor(self._told))


def write_cursor(positions: Positions) -> str:
    """Return the positions as text.

    >>> write_cursor({"approval": 4, "review-0": 7})
    'approval:4.review-0:7'
    """
    return ".".join(f"{name}:{position}" for name, position in sorted(positions.items()))


def read_cursor(text: str) -> dict[str, int]:
    """Read the positions that ``text`` holds; nothing where it is no cursor of ours.

    >>> read_cursor("approval:4.review-0:7")
    {'approval': 4, 'review-0': 7}
    """
    parts = [part.split(":") for part in text[:2_000].split(".")]
    if not all(len(part) == 2 and part[1].isascii() and part[1].isdigit() and len(part[1]) <= 15 for part in parts):
        return {}
    return {name: int(position) for name, position in parts}
