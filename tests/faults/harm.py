"""What a row of the matrix is made of, and what several of them need."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from tests.faults.clients import Clients
from tests.faults.world import World

Harm = Callable[[World, Clients], Awaitable[None]]
"""Does its harm to a World under load and returns once it is over; an assertion tells what did not hold."""


async def until(holds: Callable[[], bool], what: str, within_s: float = 20.0) -> None:
    end = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < end, f"within {within_s:.0f} s not: {what}"
        await asyncio.sleep(0.01)


async def replaced(world: World) -> None:
    """Another node in the place of this one, which is killed."""
    await world.kill_node()
    await world.start_node()
