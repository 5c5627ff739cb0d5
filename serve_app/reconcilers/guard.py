"""Keep one answering actor for every shard: create what is missing, replace what hangs and what runs other settings.

Ray restarts an actor whose process ends, but neither one that left because it was fenced nor one that hangs. Actors outlive the
deployment that made them, so the next one replaces those of other settings or of another version.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from hitl.errors import HitlError
from hitl.machine.shards import ShardReport
from serve_app.http.telemetry import json_log

PING_TIMEOUT_S = 5.0
HUNG_AFTER_S = 10.0
"""Of silence, for an actor that has answered before."""

START_WITHIN_S = 120.0
"""Of silence, for one that has not: a worker process on a busy machine takes its time."""

log = json_log()


class Host(Protocol):
    """The port to shard actors: create, ping, kill."""

    async def ensure(self, shard: str) -> None:
        """Create the shard's actor unless it is there."""

    async def ping(self, shard: str) -> ShardReport:
        """Return the shard's status. Raises a HitlError where no actor lives, or while it starts; hangs when it hangs."""

    async def kill(self, shard: str) -> None:
        """End the actor's process, whatever it does. ``ensure`` brings the next one."""


class ShardGuard:
    """``phases`` is what each shard said last; None while it says nothing. ``build`` is what each should run."""

    def __init__(
        self, host: Host, shards: Sequence[str], monotonic: Callable[[], float] = time.monotonic, build: str = ""
    ) -> None:
        self._host, self._monotonic, self._build = host, monotonic, build
        self._has_run = set[str]()
        self._heard = dict.fromkeys(shards, monotonic())
        self._allowed_s = dict.fromkeys(shards, START_WITHIN_S)
        self.phases: dict[str, str | None] = dict.fromkeys(shards)

    async def once(self) -> None:
        """Look after every shard; the first failure is raised when all have been looked after."""
        results = await asyncio.gather(*(self._look_after(shard) for shard in self.phases), return_exceptions=True)
        for failure in results:
            if failure is not None:
                raise failure

    async def _look_after(self, shard: str) -> None:
        try:
            async with asyncio.timeout(PING_TIMEOUT_S):
                status = await self._host.ping(shard)
        except TimeoutError:
            self.phases[shard] = None
            await self._kill_if_hung(shard)
        except HitlError as error:
            log.info("shard actor is away", shard=shard, error=str(error))
            self._expect(shard, START_WITHIN_S)
            self.phases[shard] = None
            await self._host.ensure(shard)
        else:
            self._expect(shard, HUNG_AFTER_S)
            self.phases[shard] = str(status["phase"])
            await self._compare(shard, status.get("build", ""))

    async def _compare(self, shard: str, build: str) -> None:
        """Replace an actor of other settings, unless ours ran before: then a newer keeper has replaced it, and we are on the way
        out."""
        if build == self._build:
            self._has_run.add(shard)
        elif shard not in self._has_run:
            await self._replace(shard)

    async def _replace(self, shard: str) -> None:
        """End it, and start the next at once. What it had not acknowledged is repeated by its callers."""
        log.info("shard actor runs other settings and is replaced", shard=shard)
        await self._host.kill(shard)
        self._expect(shard, START_WITHIN_S)
        await self._host.ensure(shard)

    def _expect(self, shard: str, within_s: float) -> None:
        self._heard[shard], self._allowed_s[shard] = self._monotonic(), within_s

    async def _kill_if_hung(self, shard: str) -> None:
        silent_s = self._monotonic() - self._heard[shard]
        if silent_s <= self._allowed_s[shard]:
            return
        log.error("shard actor hangs and is killed", shard=shard, silent_s=round(silent_s, 1))
        await self._host.kill(shard)
        self._expect(shard, START_WITHIN_S)
