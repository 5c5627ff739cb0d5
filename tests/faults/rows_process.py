"""Rows about the process of the writers: killed, replaced, woken behind its successor."""

import asyncio
import signal
from typing import Any

from tests.faults.clients import Clients
from tests.faults.harm import Harm, replaced
from tests.faults.node import FENCED
from tests.faults.rows_promotion import crash
from tests.faults.world import World

LEAVES_WITHIN_S = 5.0
POINTS_OF_MOVES = ("before_count", "after_count")


async def kill_node(world: World, clients: Clients) -> None:
    await replaced(world)


async def kill_node_while_the_store_is_away(world: World, clients: Clients) -> None:
    """The new one waits in its recovery, alive."""
    await world.kill_store()
    await replaced(world)
    await asyncio.sleep(0.5)
    assert world.node.exitcode is None
    await world.start_store()


async def zombie(world: World, clients: Clients) -> None:
    """A writer that was taken for dead wakes up behind its successor: it finds that it is replaced, and leaves."""
    old = world.leave_node()
    world.send(old, signal.SIGSTOP)
    await world.start_node()
    await world.serves()
    world.send(old, signal.SIGCONT)
    await _leaves(world, old)


async def two_writers(world: World, clients: Clients) -> None:
    """A second one while the first is at work: one of them stays."""
    old = world.leave_node()
    await world.start_node()
    await world.serves()
    await _leaves(world, old)


async def _leaves(world: World, old: Any) -> None:
    await asyncio.to_thread(old.join, LEAVES_WITHIN_S)
    assert old.exitcode == FENCED, f"{LEAVES_WITHIN_S:.0f} s after it was replaced its exit status is {old.exitcode}"
    world.old.remove(old)


ROWS: dict[str, Harm] = {
    "4 an error rises in a writer": crash("append.after_reply", "raise"),
    "4 the writers are killed": kill_node,
    **{f"4 a crash while what is settled moves to files, {point}": crash(f"reviews.{point}") for point in POINTS_OF_MOVES},
    "6 they recover while the store is away": kill_node_while_the_store_is_away,
    "21 a zombie wakes up": zombie,
    "21 two writers at once": two_writers,
}
