"""``make faults``: seeded faults under load, everything checked after each, to build/faults/report.json.

python -m tests.measure.faults --minutes 10                    # as many as fit
python -m tests.measure.faults --faults 300 --seed 7           # the long run; a seed repeats its order
python -m tests.measure.faults --kills                         # also each part of the running product, over Ray
"""

import argparse
import asyncio
import logging
import random
import sys

from rich.console import Console
from rich.progress import Progress

from tests.faults.store_faults import Run, run_faults, sequence
from tests.faults.store_rows import ROWS
from tests.measure.product_faults import exit_status, measured
from tests.measure.report import write

ENDLESS = 10_000


def main() -> int:
    asked = _asked()
    Console().print(f"seed {asked.seed}")
    run = _store(asked)
    product = measured(asked.seed, asked.minutes, None, {}) if asked.kills else {}
    rows = [row.plain(name) for name, row in sorted(run.rows.items(), key=lambda pair: _number(pair[0]))]
    whole = {"seed": run.seed, "faults": run.faults, "acknowledged": run.acknowledged, "checked_operations": run.operations}
    write("faults", {"run": [whole], "rows": rows, **product})
    return int(not run.is_clean) or (exit_status(product) if product else 0)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--faults", type=int, default=ENDLESS)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--kills", action="store_true")
    return parser.parse_args()


def _store(asked: argparse.Namespace) -> Run:
    """The rows that need no Ray."""
    logging.disable(logging.WARNING)
    names = sequence(random.Random(asked.seed), ROWS, asked.faults)
    with Progress() as progress:
        total = None if asked.faults == ENDLESS else asked.faults
        bar = progress.add_task("faults", total=total)
        return asyncio.run(
            run_faults(asked.seed, names, 60 * asked.minutes, lambda run: progress.update(bar, completed=run.faults))
        )


def _number(name: str) -> tuple[int, str]:
    return int(name.split()[0]), name


if __name__ == "__main__":
    sys.exit(main())
