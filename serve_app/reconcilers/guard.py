"""Keep an answering actor for every shard: create what is missing, replace what hangs and what runs other settings.

Ray restarts an actor whose process ends, but neither one that left because it was fenced nor one that hangs. Actors outlive the
deployment that made them, so the next one replaces those of other settings or of another version.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from hitl.errors import HitlError
from hitl.machine import Phase
from hitl.machine.shards import ShardReport
from serve_app.http.telemetry import json_log
from serve_app.reconcilers.silence import Silence

PING_TIMEOUT_S = 5.0
HUNG_AFTER_S = 10.0
"""Of silence, for an actor that has answered before."""

START_WITHIN_S = 120.0
"""Of silence, for one that has not: a worker process on a busy machine takes its time."""

log = json_log()


class Host(Protocol):
    """The port to the actors of shards: create, ping, kill."""

    async def ensure(self, actor: str) -> None:
        """Create the actor unless it is there."""

    async def ping(self, actor: str) -> Sequence[ShardReport]:
        """Return the status of each of its shards; of an actor of another build perhaps of one of them alone. Raises a HitlError
        where no actor lives, or while it starts; hangs when it hangs."""

    async def kill(self, actor: str) -> None:
        """End the actor's process, whatever it does. ``ensure`` brings the next one."""


class ShardGuard:
    """``actors`` names those to look after, and the shards that each of them runs. ``phases`` is what each shard said last; None
    while it says nothing. ``build`` is what each should run."""

    def __init__(
        self,
        host: Host,
        actors: Mapping[str, Sequence[str]],
        monotonic: Callable[[], float] = time.monotonic,
        build: str = "",
    ) -> None:
        self._host, self._actors, self._build = host, actors, build
        self._has_run = set[str]()
        self._silences = {actor: Silence(START_WITHIN_S, monotonic) for actor in actors}
        self.phases: dict[str, str | None] = dict.fromkeys(shard for shards in actors.values() for shard in shards)

    async def once(self) -> None:
        """Look after every actor; the first failure is raised when all have been looked after."""
        results = await asyncio.gather(*(self._look_after(actor) for actor in self._actors), return_exceptions=True)
        for failure in results:
            if failure is not None:
                raise failure

    async def _look_after(self, actor: str) -> None:
        try:
            async with asyncio.timeout(PING_TIMEOUT_S):
                reports = await self._host.ping(actor)
        except TimeoutError:
            self._hear(actor, [])
            await self._kill_if_hung(actor)
        except HitlError as error:
            log.info("shard actor is away", actor=actor, error=str(error))
            self._silences[actor].allow(START_WITHIN_S)
            self._hear(actor, [])
            await self._host.ensure(actor)
        else:
            self._hear(actor, reports)
            if any(each["phase"] == Phase.FENCED for each in reports):
                await self._kill_if_hung(actor)  # it leaves by itself, unless a call that hangs keeps it
                return
            self._silences[actor].allow(HUNG_AFTER_S)
            await self._compare(actor, {each.get("build", "") for each in reports})

    def _hear(self, actor: str, reports: Sequence[ShardReport]) -> None:
        said = {each["shard"]: each["phase"] for each in reports}
        self.phases |= {shard: said.get(shard) for shard in self._actors[actor]}

    async def _compare(self, actor: str, builds: set[str]) -> None:
        """Replace an actor of other settings, unless ours ran before: then a newer keeper has replaced it, and we are on the way
        out."""
        if builds == {self._build}:
            self._has_run.add(actor)
        elif actor not in self._has_run:
            await self._replace(actor)

    async def _replace(self, actor: str) -> None:
        """End it, and start the next at once. What it had not acknowledged is repeated by its callers."""
        log.info("shard actor runs other settings and is replaced", actor=actor)
        await self._host.kill(actor)
        self._silences[actor].allow(START_WITHIN_S)
        await self._host.ensure(actor)

    async def _kill_if_hung(self, actor: str) -> None:
        silence = self._silences[actor]
        if not silence.is_too_long:
            return
        log.error("shard actor hangs and is killed", actor=actor, silent_s=round(silence.seconds, 1))
        await self._host.kill(actor)
        silence.allow(START_WITHIN_S)
