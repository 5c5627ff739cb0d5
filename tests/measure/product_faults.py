"""The faults of the running product, added to build/faults/report.json.

python -m tests.measure.product_faults --minutes 12 --seed 1           # a run of its own
python -m tests.measure.product_faults --minutes 12 --seed 2 --add     # together with what the report has
python -m tests.measure.product_faults --only "proxy killed" --minutes 2
python -m tests.measure.product_faults --each 30                       # recoveries with a goal: how long each kind takes
"""

import argparse
import json
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from math import inf
from types import FrameType
from typing import Any

from rich.console import Console

from tests.faults.product import product_of
from tests.faults.product_faults import Outcome, ProductRun, each_with_a_goal, plain, run_product, sequence
from tests.faults.product_load import promotions_of
from tests.measure.report import deployed, write
from tests.running import ROOT, Running

REPORT = ROOT / "build" / "faults" / "report.json"
SECONDS, RUNS, ROWS = "product_seconds", "product_runs", "product"
"""Keys of the report: every recovery, one line a run, one line a row."""

console = Console()


def main() -> int:
    asked = _asked()
    console.print(f"seed {asked.seed}")
    before = json.loads(REPORT.read_text()) if REPORT.exists() else {}
    before.pop("machine", None)
    found = measured(_names(asked), asked.seed, asked.minutes, before if asked.add else {})
    write("faults", before | found)
    return exit_status(found)


def _names(asked: argparse.Namespace) -> Iterator[str]:
    if asked.each:
        return iter(each_with_a_goal(asked.seed, asked.each))
    return cycle([asked.only]) if asked.only else iter(sequence(asked.seed))


def measured(names: Iterator[str], seed: int, minutes: float, before: dict[str, Any]) -> dict[str, Any]:
    """The report's part of a run of the rows called ``names``, together with the runs that ``before`` tells of."""
    start = time.monotonic()
    with deployed() as service:
        _take_down_with_us(service)
        promotions = promotions_of(product_of(service, seed), seed)
        run = run_product(promotions, seed, names, 60 * minutes, lambda line: _say(start, line))
    lines = [*before.get(RUNS, []), _line(run)]
    outcomes = _together(run, before.get(SECONDS, {}))
    rows = sorted((plain(name, outcome) for name, outcome in outcomes.items()), key=lambda row: (row["row"], row["name"]))
    seconds = {name: vars(outcome) for name, outcome in outcomes.items()}
    return {RUNS: lines, ROWS: rows, SECONDS: seconds}


def _take_down_with_us(service: Running) -> None:
    """A run that is told to end leaves no service behind, whatever its threads wait for."""

    def end(number: int, _: FrameType | None) -> None:
        service.command("down", check=False)
        os._exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)


def exit_status(found: dict[str, Any]) -> int:
    """1 where anything was lost, doubled, wrong, or not whole in time."""
    return int(not all(line["is_clean"] for line in found[RUNS]))


def _together(run: ProductRun, before: dict[str, Any]) -> dict[str, Outcome]:
    found = {name: Outcome(**outcome) for name, outcome in before.items()}
    for name, outcome in run.rows.items():
        known = found.setdefault(name, Outcome())
        known.count += outcome.count
        known.recoveries_s += [round(each, 2) for each in outcome.recoveries_s]
        known.failed += outcome.failed
    return found


def _line(run: ProductRun) -> dict[str, Any]:
    whole = {"seed": run.seed, "faults": run.faults, "acknowledged": run.acknowledged, **run.found}
    return whole | {"is_clean": run.is_clean, "wrong": "; ".join(run.wrong)}


def _say(start: float, line: str) -> None:
    console.print(f"[{time.monotonic() - start:5.0f} s] {line}", markup=False, highlight=False)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, help="the longest time; 10 unless --each is given")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--only", help="one row, again and again")
    which.add_argument("--each", type=int, metavar="N", help="each row with a goal N times, Ray's head a third as often")
    parser.add_argument("--add", action="store_true", help="together with the runs that the report has")
    asked = parser.parse_args()
    if asked.minutes is None:
        asked.minutes = inf if asked.each else 10.0
    return asked


if __name__ == "__main__":
    sys.exit(main())
