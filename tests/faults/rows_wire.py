"""Rows about the way between the writers and their store."""

import asyncio
import signal

from tests.faults.clients import Clients
from tests.faults.harm import Harm, until
from tests.faults.world import World

AWAY_S = 2.0
ENDLESS = 10**9


async def kill_store_in_flight(world: World, clients: Clients) -> None:
    """Between the sending of a batch and its reply."""
    world.proxy.delay_s = 0.2
    await asyncio.sleep(0.25)
    await world.kill_store()
    world.proxy.delay_s = 0.0
    await world.start_store()


async def lose_replies(world: World, clients: Clients) -> None:
    """Every reply to a script, until two appends have none: what became of them is read, and they are never sent again."""
    before = len(world.proxy.lost)
    world.proxy.lose = ENDLESS
    await until(lambda: len(world.proxy.lost) > before + 1, "the replies to two appends are lost")
    world.proxy.lose = 0
    await world.serves()
    assert world.proxy.repeated == 0, "an append whose reply was lost came again"


async def black_hole(world: World, clients: Clients) -> None:
    world.proxy.open_hole()
    await asyncio.sleep(AWAY_S)
    world.proxy.close_hole()


async def stopped_store(world: World, clients: Clients) -> None:
    """The store hangs; connections stay."""
    world.store.send(signal.SIGSTOP)
    await asyncio.sleep(AWAY_S)
    world.store.send(signal.SIGCONT)


async def resets(world: World, clients: Clients) -> None:
    for _ in range(5):
        world.proxy.reset()
        await asyncio.sleep(0.05)


ROWS: dict[str, Harm] = {
    "11 the store is killed in flight": kill_store_in_flight,
    "12 replies are lost": lose_replies,
    "13 the store hangs": stopped_store,
    "13 the network is a hole": black_hole,
    "13 connections are reset": resets,
}
