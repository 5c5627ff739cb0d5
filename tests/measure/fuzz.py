"""Made-up requests for every route of the API document, in process: no 5xx that is not foreseen, no answer unlike its document,
nobody in without a key, and no entry in any journal, nor any other change, after a refusal.

python -m tests.measure.fuzz --requests 20000 --seed 1      # build/faults/fuzz.json
python -m tests.measure.fuzz --requests 5000 --seed 2 --add # further seeds, added to what stands there
"""

import argparse
import json
import logging
import multiprocessing
import os
import random
import sys
import time
from collections import Counter
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

from rich.progress import Progress

from tests.measure.fuzz_requests import Found, Fuzz

FILE = Path("build/faults/fuzz.json")
AT_FIRST, AT_A_TIME = 8, 40
"""Requests of a route before the next one has its turn: few at first, so that a run that is short of time has seen every
route, and more after that, since each turn costs the making of its strategies."""

LOOK_EVERY_S = 0.5
COUNTED = ("statuses", "roles", "modes")
SHOWN = ("seeds", "requests", "statuses", "modes", "digests_compared", "failures", "seconds")


def run(requests: int, start: int, minutes: float = 60.0, workers: int = 1) -> dict[str, Any]:
    """The report of at least ``requests`` requests, or of what ``minutes`` were enough for. Worker i has the seed
    ``start`` + 1,000,000 i, an application and a store of its own."""
    began, found, seeds = time.monotonic(), Found(), [start + 1_000_000 * i for i in range(workers)]
    spawn = multiprocessing.get_context("spawn")
    done = spawn.Array("l", workers)
    with ProcessPoolExecutor(workers, spawn, _share, (done,)) as pool:
        share = -(-requests // workers)
        running = [pool.submit(_work, i, share, first, minutes) for i, first in enumerate(seeds)]
        _watch(running, done, requests)
    for each in running:
        part, routes = each.result()
        found.add(part)
    return _report(found, seeds, routes, time.monotonic() - began)


_done: Any = None
"""In a worker: the counts that all of them write."""


def _share(done: Any) -> None:
    """What a worker begins with: the counts that all of them write."""
    global _done
    logging.disable(logging.INFO)
    _done = done


def _work(index: int, requests: int, start: int, minutes: float) -> tuple[Found, list[str]]:
    """What one worker found, and the routes that there are."""
    until, fuzz = time.monotonic() + 60 * minutes, Fuzz(start)
    operations = fuzz.operations()
    each = AT_FIRST
    while fuzz.found.requests < requests and time.monotonic() < until:
        for operation in operations:
            if time.monotonic() < until:
                fuzz.fuzz(operation, each)
            _done[index] = fuzz.found.requests
        each = AT_A_TIME
    fuzz.close()
    return fuzz.found, [f"{operation.method.upper()} {operation.path}" for operation in operations]


def _watch(running: list[Future[Any]], done: Any, requests: int) -> None:
    with Progress() as progress:
        bar = progress.add_task("requests", total=requests)
        while not all(each.done() for each in running):
            time.sleep(LOOK_EVERY_S)
            progress.update(bar, completed=sum(done))


def _report(found: Found, seeds: list[int], routes: list[str], seconds: float) -> dict[str, Any]:
    """``answered`` are the requests of each route that were not answered with 503."""
    counts = {name: dict(sorted(getattr(found, name).items())) for name in COUNTED}
    counts["answered"] = {name: found.answered[name] for name in sorted(routes)}
    numbers = {"requests": found.requests, "digests_compared": found.digests, "seconds": round(seconds, 1)}
    return {"seeds": seeds, **numbers, **counts, "failures": found.failures}


def added(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Both reports in one."""
    sums = {name: one[name] + other[name] for name in ("seeds", "requests", "digests_compared", "seconds")}
    counts = {name: dict(Counter(one[name]) + Counter(other[name])) for name in COUNTED}
    names = one["answered"].keys() | other["answered"].keys()
    counts["answered"] = {name: one["answered"].get(name, 0) + other["answered"].get(name, 0) for name in sorted(names)}
    return {**sums, **counts, "failures": one["failures"] | other["failures"]}


def unforeseen(report: dict[str, Any]) -> int:
    """Answers of 5xx that are not a 503 with Retry-After."""
    return sum(count for status, count in report["statuses"].items() if status[0] == "5" and status != "503")


def unanswered(report: dict[str, Any]) -> list[str]:
    """Routes that nothing but 503 came from: what is behind them was not looked at."""
    return [name for name, count in report["answered"].items() if not count]


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--requests", type=int, default=20_000)
    asked.add_argument("--minutes", type=float, default=60.0)
    asked.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked.add_argument("--add", action="store_true")
    given = asked.parse_args()
    print(f"seed {given.seed}", flush=True)
    report = run(given.requests, given.seed, given.minutes, given.workers)
    if given.add and FILE.exists():
        report = added(json.loads(FILE.read_text()), report)
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(report, indent=2, sort_keys=True) + "\n")
    print(json.dumps({name: report[name] for name in SHOWN}, indent=2))
    print(f"{len(report['answered'])} routes, without an answer: {unanswered(report)}")
    return int(bool(report["failures"] or unforeseen(report)))


if __name__ == "__main__":
    sys.exit(main())
