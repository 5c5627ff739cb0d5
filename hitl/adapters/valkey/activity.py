"""Notice whether anything is appended to the streams of the store, so that who looks for work looks less often in quiet times."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import cast

from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import store_errors
from hitl.adapters.valkey.rows import Row
from hitl.errors import StoreUnavailable

BLOCK_S = 4.0
"""Below the client's own limit for an answer."""

PAUSE_S = 0.25
"""Between two looks at a stream that moves."""

AWAY_S = 1.0
QUIET_AFTER_S = 5.0
"""Longer than what follows from an entry takes to be seen everywhere: pointers, indexes, the state of shards."""

EMPTY = b"0-0"


def streams_of(shards: Sequence[str], partitions: int) -> list[str]:
    """Return the names of the streams of all ``shards``, of the intake's ``partitions`` and of what is put into the outbox."""
    journals, intakes = [names.journal(shard) for shard in shards], [names.cases(each) for each in range(partitions)]
    return [*journals, *intakes, names.outbox("puts")]


class Movement:
    """What moves among some streams."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._moved_at, self._moved = monotonic(), asyncio.Event()

    @property
    def is_quiet(self) -> bool:
        """Whether nothing was appended for QUIET_AFTER_S. A store that cannot be asked is not quiet."""
        return self._monotonic() - self._moved_at > QUIET_AFTER_S

    async def wait(self, timeout_s: float) -> None:
        """Return with the next append, at the latest after ``timeout_s``."""
        moved = self._moved
        try:
            await asyncio.wait_for(moved.wait(), timeout_s)
        except TimeoutError:
            return

    def note(self) -> None:
        """Something was appended, or may have been."""
        self._moved_at = self._monotonic()
        self._moved.set()
        self._moved = asyncio.Event()


class Activity(Movement):
    """Blocks on ``streams``, each with a connection of its own: in a cluster they lie on several nodes. ``client`` has as many
    connections."""

    def __init__(self, client: Redis, streams: Sequence[str], monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(monotonic)
        self._client, self._streams = client, streams
        self._parts: dict[str, list[Movement]] = {stream: [self] for stream in streams}

    def part(self, streams: Sequence[str]) -> Movement:
        """Return what moves among ``streams``, which are some of these."""
        found = Movement(self._monotonic)
        for stream in streams:
            self._parts[stream].append(found)
        return found

    async def run(self) -> None:
        """Notice appends until cancelled."""
        async with asyncio.TaskGroup() as group:
            for stream in self._streams:
                group.create_task(self._follow(stream))

    async def _follow(self, stream: str) -> None:
        seen = None
        while True:
            try:
                newest = await self._newest(stream)
                if newest == seen:
                    await self._next(stream, newest)
                    continue
            except StoreUnavailable:
                self._note(stream)
                await asyncio.sleep(AWAY_S)
                continue
            seen = newest
            self._note(stream)
            await asyncio.sleep(PAUSE_S)

    def _note(self, stream: str) -> None:
        for part in self._parts[stream]:
            part.note()

    async def _newest(self, stream: str) -> bytes:
        with store_errors():
            rows = cast(list[Row], await self._client.xrevrange(stream, count=1))
        return rows[0][0] if rows else EMPTY

    async def _next(self, stream: str, after: bytes) -> None:
        with store_errors():
            await self._client.xread({stream: after}, count=1, block=int(BLOCK_S * 1000))
