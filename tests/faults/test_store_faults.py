"""Each fault that needs no Ray once, under load; each crash point; and the checks find each safeguard that is taken out.

``make faults`` does the same for longer."""

from typing import Any

import pytest

from tests.faults.mutants import MUTANTS
from tests.faults.store_faults import Run, run_faults
from tests.faults.store_rows import ROWS, crash
from tests.faults.test_crashpoints import IN_A_NODE

pytestmark = pytest.mark.slow

ENOUGH_S = 240.0

SHOWN_BY = {
    "no_epoch": ["21 two writers at once"],
    "answer_first": ["10 the store is killed", "4 the writers are killed", "11 the store is killed in flight"],
    "any_lease": ["22 a request comes again and again"],
    "alias_trusted": ["31 what serves is forged"],
}
"""The faults under which each mutant is found."""


def unclean(run: Run) -> dict[str, Any]:
    """The rows in which something did not hold."""
    return {name: row.plain(name) for name, row in run.rows.items() if row.failed or any(row.found.values())}


async def test_no_fault_loses_or_doubles_anything() -> None:
    run = await run_faults(1, ROWS, ENOUGH_S)
    assert run.acknowledged > 0
    assert unclean(run) == {}


async def test_every_crash_point_is_hit_and_nothing_is_lost() -> None:
    rows = {point: crash(point) for point in IN_A_NODE}
    run = await run_faults(2, rows, ENOUGH_S, rows=rows)
    assert unclean(run) == {}
    assert run.faults == len(IN_A_NODE)


@pytest.mark.parametrize("mutant", MUTANTS)
async def test_the_checks_find_a_missing_safeguard(mutant: str) -> None:
    assert not (await run_faults(3, SHOWN_BY[mutant], 60.0, change=mutant)).is_clean
