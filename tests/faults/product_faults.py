"""A seeded sequence of faults on the running product under mixed load; the invariants are checked after every few of them."""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tests.faults.product import Product, until_back
from tests.faults.product_check import NAMES, Counts, checked
from tests.faults.product_load import Promotions, mixed
from tests.faults.product_rows import ROWS, ProductRow
from tests.load import Told

CHECKED_EVERY = 5
BETWEEN_S = (1.0, 3.0)
LONG_S = 30.0
"""A row with such a goal is done a third as often as the others."""


@dataclass
class Outcome:
    """What the faults of one row did. ``recoveries_s``: from the end of the harm until the service was whole again."""

    count: int = 0
    recoveries_s: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


@dataclass
class ProductRun:
    """``found`` is how often each of NAMES happened in the whole run."""

    seed: int
    rows: dict[str, Outcome] = field(default_factory=lambda: defaultdict(Outcome))
    found: Counts = field(default_factory=lambda: dict.fromkeys(NAMES, 0))
    told: Told = field(default_factory=Told)
    wrong: list[str] = field(default_factory=list)

    @property
    def faults(self) -> int:
        return sum(row.count for row in self.rows.values())

    @property
    def acknowledged(self) -> int:
        return len(self.told.cases) + len(self.told.reviews)

    @property
    def is_clean(self) -> bool:
        return not any(self.found.values()) and not any(row.failed for row in self.rows.values())


def run_product(
    promotions: Promotions, seed: int, names: Iterable[str], seconds: float, say: Callable[[str], None] = lambda line: None
) -> ProductRun:
    """The rows called ``names`` in this order on the product of ``promotions``, until ``seconds`` are over. Blocks."""
    run, end = ProductRun(seed), time.monotonic() + seconds
    product, rows, life = promotions.product, {row.name: row for row in ROWS}, time.monotonic_ns()
    for number, some in enumerate(_in_parts(names)):
        if time.monotonic() > end:
            break
        asyncio.run(_part(promotions, run, [rows[name] for name in some], f"{seed}-{life}-{number}", end, say))
        run.found = checked(product, run.told, len(run.wrong))
        say(f"{run.faults} faults, {run.acknowledged} acknowledged: {run.found}")
    return run


def sequence(seed: int, rounds: int = 50, rows: Sequence[ProductRow] = ROWS) -> list[str]:
    """Every row once, then round after round of all rows, each as often as its weight, in an order that the seed decides."""
    rng, found = random.Random(seed), list[str]()
    for turn in range(rounds):
        every = [row.name for row in rows for _ in range(row.weight if turn else 1)]
        rng.shuffle(every)
        found += every
    return found


def each_with_a_goal(seed: int, times: int, rows: Sequence[ProductRow] = ROWS) -> list[str]:
    """Every row with a goal ``times``, and one that takes all of Ray down a third as often, in an order that the seed decides."""
    found = [row.name for row in rows if row.goal_s for _ in range(times if row.goal_s < LONG_S else -(-times // 3))]
    random.Random(seed).shuffle(found)
    return found


def plain(name: str, outcome: Outcome) -> dict[str, Any]:
    """A line of the report; the seconds are those until the service was whole."""
    row = next(row for row in ROWS if row.name == name)
    seconds = outcome.recoveries_s
    p50, p95 = (round(float(np.percentile(seconds, q)), 1) if seconds else None for q in (50, 95))
    line = {"row": row.number, "name": name, "goal_s": row.goal_s, "count": outcome.count, "p50_s": p50, "p95_s": p95}
    return line | {"max_s": round(max(seconds), 1) if seconds else None, "failed": "; ".join(outcome.failed)}


async def _part(
    promotions: Promotions, run: ProductRun, rows: list[ProductRow], name: str, end: float, say: Callable[[str], None]
) -> None:
    """The faults of ``rows`` under load."""
    product, stop = promotions.product, asyncio.Event()
    working = asyncio.create_task(mixed(product, promotions, run.told, stop, name))
    for row in rows:
        if time.monotonic() > end:
            break
        await asyncio.sleep(product.rng.uniform(*BETWEEN_S))
        await _one(product, row, run.rows[row.name], say)
    stop.set()
    try:
        await working
    except* Exception as wrong:  # noqa: BLE001 - an answer that nobody should get is counted, and the run goes on
        run.wrong += [repr(each)[:300] for each in wrong.exceptions]
        say(f"wrong: {run.wrong[-1]}")


async def _one(product: Product, row: ProductRow, outcome: Outcome, say: Callable[[str], None]) -> None:
    outcome.count += 1
    try:
        back = await asyncio.to_thread(row.harm, product)
    except Exception as error:  # noqa: BLE001 - a promise that did not hold is told of, and the run goes on
        outcome.failed.append(repr(error)[:500])
        say(f"{row.name}: {error!r}")
        back = product.is_whole
    took_s = await until_back(back, row.within_s)
    if took_s is None:
        outcome.failed.append(f"not whole after {row.within_s:.0f} s: {dict(product.counts())}")
    else:
        outcome.recoveries_s.append(took_s)
    say(f"{row.name}: {'not whole' if took_s is None else f'{took_s:.1f} s'}")


def _in_parts(names: Iterable[str]) -> Iterator[list[str]]:
    some: list[str] = []
    for name in names:
        some.append(name)
        if len(some) == CHECKED_EVERY:
            yield some
            some = []
    if some:
        yield some
