"""Shards as a detached Ray actor: restarted after a crash, gone for good once one of them is fenced.

Ray restarts what crashes (``max_restarts=-1``) but neither an actor whose ``__init__`` raised nor one that left through
``exit_actor``. So ``__init__`` only starts tasks, and an actor with a fenced writer leaves: another actor runs its shards. Who
ensures shards makes the next one.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import ray
import structlog
from ray.exceptions import AsyncioActorExit

from hitl.adapters.otel.exporting import open_tracer
from hitl.adapters.ray.concurrency import end
from hitl.adapters.ray.process_memory import let_arrow_give_back, tune_garbage_collection
from hitl.adapters.ray.shard_runner import ShardRunner
from hitl.adapters.ray.shard_spec import ShardSpec
from hitl.errors import Recovering
from hitl.machine import Envelope
from hitl.machine.shards import KeptAlive, PlainState, ShardReport

log = structlog.get_logger("hitl.shard")

NAMESPACE = "hitl"
MAX_CONCURRENCY = 10_000
"""Calls in the actor's event loop at a time, for each of its shards; most of them wait for an append or a decision."""

MAX_PENDING_CALLS = 20_000
"""Calls of one caller that have no answer yet."""

THREADS = 8
"""For each shard: an archive that hangs holds some of them, and the other shards shall not wait for it."""


class ShardActor:
    """The shards of one process, each with an event loop's task of its own. Every method raises Recovering until the shard's
    journal is replayed, and what its machine refuses with."""

    def __init__(self, specs: Sequence[ShardSpec]) -> None:
        let_arrow_give_back()
        loop, tracer = asyncio.get_running_loop(), open_tracer(specs[0].tracing, "shard")
        loop.set_default_executor(ThreadPoolExecutor(THREADS * len(specs)))
        self._runners = {spec.shard: ShardRunner(spec, tracer) for spec in specs}
        tune_garbage_collection()
        self._life = loop.create_task(self._live())

    async def submit(self, shard: str, envelope: Envelope[Any]) -> Any:
        return await self._runner(shard).submit(envelope)

    async def ask(self, shard: str, question: Any) -> Any:
        return await self._runner(shard).ask(question)

    async def wait(self, shard: str, topic: str, question: Any, timeout_s: float) -> Any:
        """Return the answer once its status is not one of OPEN, else the last one after ``timeout_s``. Raises Overloaded."""
        return await self._runner(shard).wait(topic, question, timeout_s)

    async def heartbeat(self, shard: str, review_id: str, lease: int, reviewer: str) -> KeptAlive:
        """Let the lease run anew; in memory only. Raises StaleLease unless ``reviewer`` holds exactly this one."""
        return await self._runner(shard).heartbeat(review_id, lease, reviewer)

    async def plain(self, shard: str) -> PlainState:
        return await self._runner(shard).plain()

    async def status(self, shard: str | None = None) -> ShardReport:
        """Return the shard's status, also while it recovers; None: that of the first. An actor of any version answers without a
        name, so that it can be told by its build."""
        return await self._runner(shard or next(iter(self._runners))).status()

    async def statuses(self) -> list[ShardReport]:
        """Return the status of each shard."""
        return [await runner.status() for runner in self._runners.values()]

    def _runner(self, shard: str) -> ShardRunner:
        if shard not in self._runners:  # an actor of a version that grouped shards in another way
            raise Recovering(shard)
        return self._runners[shard]

    async def _live(self) -> None:
        lives = [runner.life for runner in self._runners.values()]
        done, _ = await asyncio.wait(lives, return_when=asyncio.FIRST_COMPLETED)
        for fault in [life.exception() for life in done if not life.cancelled()]:
            if fault is not None:  # a life ends once its shard is fenced, and should by nothing else
                log.error("a shard's life broke off", why=repr(fault))
        await end(lives)  # who waits for one of the other shards is told to try again
        # Sets a flag that Ray obeys as soon as no call runs; the shards have failed them all. A call to oneself would be waited
        # for by the exit and wait for it.
        with suppress(AsyncioActorExit):
            ray.actor.exit_actor()
