"""The checks are alive: a product with one promise taken out is found by the same rows that the real one passes."""

import pytest

from tests.faults.clients import Clients
from tests.faults.mutants import MUTANTS
from tests.faults.store_faults import run_faults
from tests.faults.store_rows import ROWS, Harm
from tests.faults.tally import Run
from tests.faults.world import World

pytestmark = pytest.mark.slow

ENOUGH_S = 300.0
STALE = "a lease that is another's by now"


async def stale_lease(world: World, clients: Clients) -> None:
    """Who gave a review back cannot answer it while another one holds it."""
    for _ in range(10):
        given = await clients.claim("dan", "loans")
        if given is None:
            continue
        review, lease = given
        await clients.command("Release", review_id=review, lease=lease, reviewer="dan")
        taken = await clients.claim("eve", "loans")
        if taken and taken[0] == review:
            answer = await clients.finish("dan", review, lease)
            assert answer.get("error") in ("StaleLease", "AlreadyDecided"), answer
            return
    raise AssertionError("nobody got the review that was given back")


HARMS: dict[str, Harm] = {**ROWS, STALE: stale_lease}
FOUND_BY = {
    "no_epoch_check": ("21 two writers at once",),
    "answer_before_append": ("10 the store is killed", "10 the store is killed"),
    "pointer_trusted": ("31 what serves is forged",),
    "lease_by_time_alone": (STALE,),
}


def test_every_mutant_has_its_rows() -> None:
    assert set(FOUND_BY) == set(MUTANTS)


async def test_the_product_itself_passes_all_of_them() -> None:
    run = await run_faults(Run(3), [name for names in FOUND_BY.values() for name in names], ENOUGH_S, rows=HARMS)
    assert run.is_clean, run.rows
    assert run.faults == sum(map(len, FOUND_BY.values()))


@pytest.mark.parametrize("mutant", MUTANTS)
async def test_a_mutant_is_found(mutant: str) -> None:
    run = await run_faults(Run(3), FOUND_BY[mutant], ENOUGH_S, change=f"mutant:{mutant}", rows=HARMS)
    assert not run.is_clean, run.rows
