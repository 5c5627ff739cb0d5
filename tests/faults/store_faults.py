"""A seeded sequence of faults on stores under load, with everything checked after each."""

import asyncio
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.faults.check import NAMES, Counts, checked
from tests.faults.clients import Clients, Told
from tests.faults.store_rows import ROWS, Harm, cannot
from tests.faults.tally import Row, Run, Use
from tests.faults.world import World, made

BETWEEN_S = 0.1
AFTER_S = 0.1
LIFE = 25
"""Faults on one store: everything that it holds is read and judged anew after each of them, so that more takes ever longer."""


@dataclass
class Terms:
    """``change`` is what every node starts with (tests.faults.armed); ``told_of`` hears of the run after each fault."""

    rows: Mapping[str, Harm]
    until: float
    change: str
    told_of: Callable[[Run], None]


async def run_faults(
    run: Run,
    names: Iterable[str],
    seconds: float,
    told_of: Callable[[Run], None] = lambda run: None,
    change: str = "",
    rows: Mapping[str, Harm] = ROWS,
) -> Run:
    """``run`` with ``names`` done in this order, until ``seconds`` are over, LIFE of them on each store. A row that ``cannot`` be
    injected is noted."""
    left = list(names)
    terms = Terms(rows, time.monotonic() + seconds, change, told_of)
    while left and time.monotonic() < terms.until:
        now, left = left[:LIFE], left[LIFE:]
        await _life(run, now, terms)
    return run


async def _life(run: Run, names: Sequence[str], terms: Terms) -> None:
    told = Told()
    before = (run.acknowledged, run.operations)
    with tempfile.TemporaryDirectory(prefix="hitl-faults-") as folder:
        async with made(Path(folder), terms.change) as world:
            clients = Clients(world, told, random.Random(run.seed + run.faults))
            working = asyncio.create_task(clients.run())
            seen = dict.fromkeys(NAMES, 0)
            for name in names:
                if time.monotonic() > terms.until:
                    break
                seen = await _row(world, clients, run, name, terms.rows[name], seen)
                run.acknowledged, run.operations = before[0] + told.acknowledged, before[1] + len(told.history)
                terms.told_of(run)
            clients.stop.set()
            await working


async def _row(world: World, clients: Clients, run: Run, name: str, harm: Harm, seen: Counts) -> Counts:
    row = run.rows[name]
    row.skipped = cannot(name)
    if row.skipped:
        run.last = f"{name}: skipped, {row.skipped}"
        return seen
    start = time.monotonic()
    found = await _one(world, clients, row, harm, seen)
    bad = {what: found[what] - seen[what] for what in NAMES if found[what] > seen[what]}
    took, recovered = time.monotonic() - start, row.recoveries_s[-1]
    run.last = f"{name}: {took:.1f} s, recovered in {recovered:.2f} s, {bad or 'clean'} {' '.join(row.failed[-1:])}"
    run.uses += await _use(world)
    return found


async def _one(world: World, clients: Clients, row: Row, harm: Harm, seen: Counts) -> Counts:
    """One fault, its recovery and the checks; what was found before is not blamed on this row."""
    await asyncio.sleep(BETWEEN_S)
    world.harmed_at = 0.0
    try:
        await harm(world, clients)
    except Exception as error:  # noqa: BLE001 - a harm that cannot be done is told of, and the run goes on
        row.failed.append(repr(error)[:300])
    start = world.harmed_at or time.monotonic()
    await world.serves()
    row.recoveries_s.append(time.monotonic() - start)
    await asyncio.sleep(AFTER_S)
    row.count += 1
    found = await checked(world, clients.told)
    for name in NAMES:
        row.found[name] += max(0, found[name] - seen[name])
    return found


async def _use(world: World) -> list[Use]:
    world.age += 1
    with suppress(OSError, TimeoutError, EOFError):
        status = (await world.ask("status"))["ok"]
        return [Use(world.age, status["files"], status["tasks"], round(status["rss_mb"], 1))]
    return []


def sequence(rng: random.Random, names: Iterable[str], faults: int) -> list[str]:
    """``faults`` names, every one as often as any other, in a random order that the seed decides."""
    every = list(names)
    found: list[str] = []
    while len(found) < faults:
        rng.shuffle(every)
        found += every
    return found[:faults]
