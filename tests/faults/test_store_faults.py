"""Kills of the writers and of their store under load, and each crash point. ``make faults`` does more, for longer."""

import pytest

from tests.faults.store_faults import run_faults
from tests.faults.store_rows import ROWS, crash
from tests.faults.tally import Run
from tests.faults.test_crashpoints import IN_A_NODE

pytestmark = pytest.mark.slow

ENOUGH_S = 600.0

KILLS = [name for name in ROWS if name.split()[0] in ("4", "6", "10", "11")]


async def test_no_kill_loses_or_doubles_anything() -> None:
    run = await run_faults(Run(1), KILLS, ENOUGH_S)
    assert run.acknowledged > 0
    assert run.is_bounded
    assert run.unclean == {}


async def test_every_crash_point_is_hit_and_nothing_is_lost() -> None:
    rows = {point: crash(point) for point in IN_A_NODE}
    run = await run_faults(Run(2), rows, ENOUGH_S, rows=rows)
    assert run.unclean == {}
    assert run.faults == len(IN_A_NODE)
