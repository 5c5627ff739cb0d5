"""``make faults``: seeded faults under load, everything checked after each, to build/faults/report.json.

python -m tests.measure.faults --minutes 10                    # as many as fit
python -m tests.measure.faults --faults 300 --seed 7           # the long run; a seed repeats its order
python -m tests.measure.faults --only "33 a candidate that loads and is bad" --faults 3
python -m tests.measure.faults --kills                         # also each part of the running product, over Ray
"""

import argparse
import asyncio
import logging
import random
import signal
import sys
import time
from contextlib import suppress
from math import inf
from typing import Any

from rich.console import Console

from tests.faults.product_faults import sequence as product_sequence
from tests.faults.store_faults import run_faults, sequence
from tests.faults.store_rows import ROWS
from tests.faults.tally import Run
from tests.faults.world import NODES
from tests.measure.product_faults import exit_status, measured
from tests.measure.report import keep, write

ENDLESS = 10_000
MINUTES = 10.0
WIDE = 400


def main() -> int:
    asked = _asked()
    Console().print(f"seed {asked.seed}")
    run = _store(asked)
    names = iter(product_sequence(asked.seed))
    product = measured(names, asked.seed, asked.minutes or MINUTES, {}) if asked.kills else {}
    write("faults", {**_report(run), **product})
    return int(not run.is_clean) or (exit_status(product) if product else 0)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, help=f"the longest time; {MINUTES:.0f} unless --faults is given")
    parser.add_argument("--faults", type=int)
    parser.add_argument("--only", choices=ROWS, metavar="ROW", help="one row, again and again")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--kills", action="store_true")
    asked = parser.parse_args()
    if asked.minutes is None and asked.faults is None:
        asked.minutes = MINUTES
    return asked


def _store(asked: argparse.Namespace) -> Run:
    """The rows that need no Ray. A SIGTERM ends them; what was found until then stands in the report.

    A node's process imports the module that was started, this one, before it does anything: its forks find it there."""
    logging.disable(logging.WARNING)
    NODES.set_forkserver_preload(["tests.faults.node", "tests.measure.faults"])
    names = sequence(random.Random(asked.seed), [asked.only] if asked.only else ROWS, asked.faults or ENDLESS)
    run = Run(asked.seed)
    with suppress(asyncio.CancelledError):
        asyncio.run(_until_told(run, names, 60 * asked.minutes if asked.minutes else inf, asked.faults))
    return run


async def _until_told(run: Run, names: list[str], seconds: float, faults: int | None) -> None:
    this = asyncio.current_task()
    assert this is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    await run_faults(run, names, seconds, lambda run: _tell(run, faults))


def _tell(run: Run, faults: int | None) -> None:
    now = time.strftime("%H:%M:%S")
    Console(width=WIDE).print(f"{now} {run.faults}/{faults or 'endless'} {run.last}", markup=False, highlight=False)
    keep("faults", _report(run))


def _report(run: Run) -> dict[str, Any]:
    rows = [row.plain(name) for name, row in sorted(run.rows.items(), key=lambda pair: _number(pair[0]))]
    return {
        "run": [run.plain()],
        "rows": rows,
        "node_after_each_fault": {"uses": [vars(use) for use in run.uses]},
    }


def _number(name: str) -> tuple[int, str]:
    return int(name.split()[0]), name


if __name__ == "__main__":
    sys.exit(main())
