"""A review shard, its people and a gateway over a real store, for tests.measure.endurance: all but HTTP and Ray."""

import asyncio
import itertools
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from redis.asyncio import Redis

from hitl.adapters.ray.shard_runner import ShardRunner
from hitl.adapters.ray.shard_spec import DEFAULT_TIMEOUT_S, Retention, review_spec
from hitl.adapters.valkey.metrics import ValkeyMetrics
from hitl.adapters.valkey.whole_intake import open_intake
from hitl.errors import StoreUnavailable
from hitl.intake import IntakeBatch
from hitl.machine import Envelope, Phase
from hitl.metrics import Gains
from hitl.review import Claim, Decide
from tests.fakes.reviews import spec

ANSWER = "2"
CLAIMED = 10
PAUSE_S = 0.02
FULL_PAUSE_S = 1.0
READY_WITHIN_S = 300.0


class Service:
    """A review shard as the product composes it, with its archivers and snapshots, in this process."""

    def __init__(self, url: str, keeping: Retention) -> None:
        tasks = {"digits": spec(review={"undo_s": 0.0})}
        made = review_spec(url, 0, tasks, DEFAULT_TIMEOUT_S)
        self.url, self.uri = url, keeping.archive_uri
        self._spec = replace(made, keeping=keeping, log_level="WARNING")
        self._runner: ShardRunner | None = None

    @property
    def runner(self) -> ShardRunner:
        assert self._runner is not None, "the shard was not started"
        return self._runner

    async def start(self) -> float:
        """Return the seconds until it serves."""
        began = time.monotonic()
        self._runner = ShardRunner(self._spec)
        async with asyncio.timeout(READY_WITHIN_S):
            while (await self._runner.status())["phase"] != Phase.SERVING.value:  # noqa: ASYNC110 - a shard tells by its status
                await asyncio.sleep(PAUSE_S)
        return time.monotonic() - began

    async def stop(self) -> None:
        """Let go of the store; whatever was under way is cut short."""
        life = self.runner.life
        life.cancel()
        with suppress(asyncio.CancelledError):
            await life


async def until(holds: Callable[[], bool]) -> None:
    """Return as soon as ``holds``, however long that takes."""
    while not holds():  # noqa: ASYNC110 - what is waited for is a count
        await asyncio.sleep(PAUSE_S)


class People:
    """They answer whatever waits; ``answers`` counts."""

    def __init__(self, service: Service) -> None:
        self._service, self.answers = service, 0
        self._ids = itertools.count()

    async def answer(self, name: str) -> None:
        """Claim some reviews, answer each, and again, until cancelled."""
        while True:
            claimed = await self._submit(Claim("digits", name, count=CLAIMED), name)
            for review in claimed.reviews:
                await self._submit(Decide(review.review_id, review.lease.id, name, ANSWER), name)
                self.answers += 1
            if not claimed.reviews:
                await asyncio.sleep(PAUSE_S)

    async def _submit(self, command: Claim | Decide, name: str) -> Any:
        return await self._service.runner.submit(Envelope(command, f"{name}-{next(self._ids)}", "f", name, "r"))


class Gateway:
    """Brings cases as one gateway does; ``refused`` counts the times that the store was full, and the batch came again."""

    def __init__(self, client: Redis, uri: str) -> None:
        self._intake, self._metrics = open_intake(client, 0, uri), ValkeyMetrics(client)
        self.brought = self.asked = self.refused = 0

    async def bring(self, one: IntakeBatch) -> None:
        """Append, once the store is not full; the counters have read everything at once."""
        while not await self._is_taken(one):
            self.refused += 1
            await asyncio.sleep(FULL_PAUSE_S)
        self.brought += len(one.records)
        self.asked += sum(each.is_for_people for each in one.records)
        await self._metrics.advance("intake-0", await self._metrics.cursor("intake-0"), self.brought, Gains(), {})

    async def _is_taken(self, one: IntakeBatch) -> bool:
        try:
            await self._intake.append(one)
        except StoreUnavailable:
            return False
        return True
