"""A seeded sequence of faults on one store under load, with everything checked after each."""

import asyncio
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tests.faults.check import NAMES, Counts, checked
from tests.faults.clients import Clients, Told
from tests.faults.store_rows import ROWS, Harm, cannot
from tests.faults.world import made

BETWEEN_S = 0.2
AFTER_S = 0.2


@dataclass
class Row:
    """``recoveries_s``: from the end of the harm until both shards answered."""

    count: int = 0
    found: Counts = field(default_factory=lambda: dict.fromkeys(NAMES, 0))
    recoveries_s: list[float] = field(default_factory=list)
    skipped: str | None = None
    failed: list[str] = field(default_factory=list)

    def plain(self, name: str) -> dict[str, Any]:
        p50, p99 = (round(float(np.percentile(self.recoveries_s, q)), 2) if self.recoveries_s else None for q in (50, 99))
        counted = {"row": name, "count": self.count, **self.found, "p50_s": p50, "p99_s": p99}
        return counted | {"note": self.skipped or "; ".join(self.failed)}


@dataclass
class Run:
    """All rows by their names, and what was acknowledged in all."""

    seed: int
    rows: dict[str, Row] = field(default_factory=lambda: defaultdict(Row))
    acknowledged: int = 0
    operations: int = 0

    @property
    def faults(self) -> int:
        return sum(row.count for row in self.rows.values())

    @property
    def is_clean(self) -> bool:
        return not any(row.failed or any(row.found.values()) for row in self.rows.values())


async def run_faults(
    seed: int,
    names: Iterable[str],
    seconds: float,
    told_of: Callable[[Run], None] = lambda run: None,
    change: str = "",
    rows: Mapping[str, Harm] = ROWS,
) -> Run:
    """``names`` in this order, in one life of a store, until ``seconds`` are over. A row that ``cannot`` be injected is noted;
    ``change`` is what every node starts with: see tests.faults.armed."""
    run, until, told = Run(seed), time.monotonic() + seconds, Told()
    with tempfile.TemporaryDirectory(prefix="hitl-faults-") as folder:
        async with made(Path(folder), change) as world:
            clients = Clients(world, told, random.Random(seed))
            working = asyncio.create_task(clients.run())
            seen = dict.fromkeys(NAMES, 0)
            for name in names:
                if time.monotonic() > until:
                    break
                row = run.rows[name]
                row.skipped = cannot(name)
                if row.skipped is None:
                    seen = await _one(world, clients, row, rows[name], seen)
                told_of(run)
            clients.stop.set()
            await working
            run.acknowledged, run.operations = told.acknowledged, len(told.history)
    return run


async def _one(world: Any, clients: Clients, row: Row, harm: Harm, seen: Counts) -> Counts:
    """One fault, its recovery and the checks; what was found before is not blamed on this row."""
    await asyncio.sleep(BETWEEN_S)
    try:
        await harm(world, clients)
    except Exception as error:  # noqa: BLE001 - a harm that cannot be done is told of, and the run goes on
        row.failed.append(repr(error)[:200])
    start = time.monotonic()
    await world.serves()
    row.recoveries_s.append(time.monotonic() - start)
    await asyncio.sleep(AFTER_S)
    row.count += 1
    found = await checked(world, clients.told)
    for name in NAMES:
        row.found[name] += max(0, found[name] - seen[name])
    return found


def sequence(rng: random.Random, names: Iterable[str], faults: int) -> list[str]:
    """``faults`` names, every one as often as any other, in a random order that the seed decides."""
    every = list(names)
    found: list[str] = []
    while len(found) < faults:
        rng.shuffle(every)
        found += every
    return found[:faults]
