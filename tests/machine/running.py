"""A shard that runs beside a test."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from hitl.errors import HitlError
from hitl.journal import Journal
from hitl.machine import Phase, Shard
from tests.fakes.counter import Add, CounterMachine, envelope


@asynccontextmanager
async def running(journal: Journal, **options: Any) -> AsyncIterator[Shard[Any]]:
    """A serving shard over ``journal``; stopped at the end."""
    shard = Shard(CounterMachine(), journal, **options)
    life = asyncio.create_task(shard.run())
    await until(lambda: shard.phase is Phase.SERVING)
    yield shard
    life.cancel()
    with suppress(asyncio.CancelledError, HitlError):
        await life


async def until(holds: Callable[[], bool]) -> None:
    """Return as soon as ``holds``; fails after 30 seconds."""
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 - the tested code has no event for it
            await asyncio.sleep(0.001)


async def turn(shard: Shard[Any]) -> None:
    """One whole turn: alarms that are due are taken before the command that this waits for."""
    await shard.submit(envelope(Add(0), "turn"))
