"""The checks are alive: a product with one promise taken out is found by the same rows that the real one passes."""

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest

from tests.faults import rows_disk
from tests.faults.check import kept
from tests.faults.clients import Clients, Told
from tests.faults.mutants import MUTANTS
from tests.faults.store_faults import run_faults
from tests.faults.store_rows import ROWS, Harm, cannot
from tests.faults.tally import Run
from tests.faults.world import World, made

pytestmark = pytest.mark.slow

ENOUGH_S = 300.0
BUSY_S = 1.0
KILLS = 6
SLOW_KILL = "14 the store is killed while its disk is slow"
DISTURBED = "25 cases of a batch are abandoned or malformed"
BAD = "33 a candidate that loads and is bad"
STALE = "a lease that was given back"
TRIES = 100


async def stale_lease(world: World, clients: Clients) -> None:
    """Who gave a review back cannot answer it under the lease of before, whoever has it now."""
    for _ in range(TRIES):
        given = await clients.claim("dan", "loans")
        await asyncio.sleep(0.0 if given else 0.1)
        if given is None:
            continue
        review, lease = given
        await clients.release("dan", review, lease)
        answer = await clients.finish("dan", review, lease)
        if answer.get("error") != "AlreadyDecided":  # somebody else was quicker
            assert answer.get("error") == "StaleLease", answer
            return
    raise AssertionError("there was no review to give back")


HARMS: dict[str, Harm] = {**ROWS, STALE: stale_lease}
FOUND_BY = {
    "no_epoch_check": ("21 two writers at once", "failed"),
    "client_retries": ("12 replies are lost", "failed"),
    "answer_before_append": ("10 the store is killed", "lost"),
    "pointer_trusted": ("31 what serves is forged", "bypassed_approvals"),
    "votes_for_ever": ("37 an approver is none any more", "failed"),
    "lease_by_time_alone": (STALE, "failed"),
    "batch_ends_with_a_member": (DISTURBED, "failed"),
    "batch_fails_with_a_member": (DISTURBED, "failed"),
    "gate_open": (BAD, "failed"),
    "reading_is_enough": (BAD, "failed"),
    "any_number_counts": (BAD, "failed"),
}
"""The row that finds a mutant, and as what."""


def test_every_mutant_has_its_row() -> None:
    assert set(FOUND_BY) == set(MUTANTS)


async def test_the_product_itself_passes_all_of_them() -> None:
    names = [*dict.fromkeys(row for row, _ in FOUND_BY.values()), SLOW_KILL]
    run = await run_faults(Run(3), names, ENOUGH_S, rows=HARMS)
    assert run.unclean == {}
    assert run.faults == sum(cannot(name) is None for name in names)


@pytest.mark.parametrize("mutant", MUTANTS)
async def test_a_mutant_is_found(mutant: str) -> None:
    (row, sign), seed, found = FOUND_BY[mutant], 3, dict[str, Any]()
    while not found.get(sign) and seed < 3 + KILLS:  # a kill at another moment may hit nothing that was under way
        run = await run_faults(Run(seed), [row], ENOUGH_S, change=f"mutant:{mutant}", rows=HARMS)
        seed, found = seed + 1, run.rows[row].plain(row)
    assert found[sign] > 0, found


async def test_a_store_that_writes_to_its_disk_once_a_second_is_found(tmp_path: Path) -> None:
    """What it had acknowledged is gone."""
    if why := cannot(SLOW_KILL):
        pytest.skip(why)
    told = Told()
    async with made(tmp_path, store="--appendfsync everysec") as world:
        clients = Clients(world, told, random.Random(3))
        working = asyncio.create_task(clients.run())
        lost, kills = 0, 0
        while not lost and kills < KILLS:  # a kill between two writes finds nothing
            await asyncio.sleep(BUSY_S)
            await rows_disk.killed_while_slow(world, clients)
            lost, kills = (await kept(world, told.now()))["lost"], kills + 1
        clients.stop.set()
        await working
        assert lost > 0
