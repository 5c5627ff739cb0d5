"""What figures cost with a long history: a start's first answers, every route's times, and the memory that is held.

``python -m tests.measure.figures [cases]`` writes ``build/bench/figures.json``: 200,000 cases by default, of which people
answered one in ten, every third of them to check an automatic decision. The review application runs in a process of its own for
each start, over journals in memory and a history whose rows are made when they are asked for, without HTTP, Ray and the store:
what is measured is the application's own part.
``reading`` is what a start takes to derive what figures are computed from, without the figures: seconds of the processor.
"""

import asyncio
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from hitl.adapters.files.check_days import PARTS, WHOLE
from hitl.adapters.ray.process_memory import tune_garbage_collection
from hitl.adapters.ray.threads import take_short_turns
from hitl.routing.route import Action, Priority
from serve_app.evidence.evidence import TaskEvidence
from tests.fakes.long_history import LongHistory, LongIntake, LongShards
from tests.measure.command_line import command_line
from tests.review_app.conftest import _record
from tests.review_app.test_quality import MODEL, Certified

REPORT = Path("build/bench/figures.json")
ONE_IN, AUTOMATIC_IN = 10, 3
ASKED = 12
"""Questions to each route."""
ROUTES = ("", "?since=1700100000", "/certificate", "/reviewers", "/agreement", "/curves")
PATHS = (*(f"/v1/quality/digits{part}" for part in ROUTES), "/v1/targets")


class LongWorld(Certified):
    """The application of the quality tests over a history of ``cases``."""

    def __init__(self, cases: int, folder: Path) -> None:
        super().__init__()
        template = replace(_record("k", Action.REVIEW, Priority.NORMAL), gold_probability=0.1, segment="all", model_version=MODEL)
        self.history = LongHistory("digits", replace(template, policy_version=self.version), cases, ONE_IN, AUTOMATIC_IN)
        self.intake, self.long = LongIntake(self.history), LongShards(self.history, self.shards)
        intakes: Any = [self.intake]
        shards: Any = self.long
        self.ports = replace(self.ports, shards=shards, intakes=intakes, projections=folder)
        self.serve()
        self.certifier._evidence = TaskEvidence(self.tasks, shards, intakes, self.ports.vault.shown_of, folder)

    def grow(self, cases: int) -> None:
        """Let ``cases`` more come, and the answers to them."""
        self.history = replace(self.history, cases=self.history.cases + cases)
        self.intake.history = self.long.history = self.history

    async def ask(self, path: str) -> float:
        """Ask once; the milliseconds that it took."""
        began = time.perf_counter()
        answer = await self.call("GET", path, "operator")
        assert answer.status_code == 200, answer.text
        return 1000 * (time.perf_counter() - began)


async def measure(cases: int, folder: Path) -> dict[str, Any]:
    """Ask everything once, often, and often while labels come."""
    world = LongWorld(cases, folder)
    await world.shards.start()
    await world.deploy()
    take_short_turns()  # as review replicas do
    tune_garbage_collection()
    began = resident()
    first = {path: await world.ask(path) for path in PATHS}
    still = {path: spread([await world.ask(path) for _ in range(ASKED)]) for path in PATHS}
    held = resident()
    busy: dict[str, list[float]] = {path: [] for path in PATHS}
    processor: dict[str, list[float]] = {path: [] for path in PATHS}
    for _ in range(ASKED):
        for path in PATHS:
            world.grow(ONE_IN)
            at = time.process_time()
            busy[path].append(await world.ask(path))
            processor[path].append(1000 * (time.process_time() - at))
    looks = []
    for _ in range(3):
        world.grow(ONE_IN)
        at = time.process_time()
        await world.certifier.once()
        looks.append(time.process_time() - at)
    await world.http.aclose()
    await world.shards.stop()
    return {
        "cases": cases,
        "first_answers_ms": first,
        "still_ms": still,
        "while_labels_come_ms": {path: spread(times) for path, times in busy.items()},
        "p99_while_labels_come_ms": round(sorted(each for times in busy.values() for each in times)[-2], 1),
        "processor_while_labels_come_ms": {path: spread(times) for path, times in processor.items()},
        "certifier_s": statistics.median(looks),
        "grown_mb": round((held - began) / 2**20, 1),
        "peak_mb": round((resident() - began) / 2**20, 1),
    }


async def read(cases: int, folder: Path) -> dict[str, float]:
    """Derive everything once, or take it up from the file that is there."""
    world = LongWorld(cases, folder)
    await world.shards.start()
    await world.deploy()
    evidence, began, at = world.certifier._evidence, resident(), time.process_time()
    await evidence.traffic("digits")
    counted = time.process_time()
    answers = await evidence.columns("digits")
    answered = time.process_time()
    checks = await evidence.check_columns("digits")
    read_at, held = time.process_time(), resident()
    await world.http.aclose()
    await world.shards.stop()
    return {
        "checks": len(checks),
        "answers": len(answers),
        "cases_s": round(counted - at, 3),
        "answers_s": round(answered - counted, 3),
        "checks_s": round(read_at - answered, 3),
        "grown_mb": round((held - began) / 2**20, 1),
    }


def sizes(file: Path) -> dict[str, float]:
    """Return the bytes of a check and of an answer in the file: what the rows hold, and with the pages that they stand in; and of
    what figures read of an answer."""
    found: dict[str, float] = {}
    query = "SELECT SUM(payload), SUM(pgsize) FROM dbstat WHERE name = ?"
    with closing(sqlite3.connect(file)) as connection:
        for table, what in (("checks", "a_check"), ("answers", "an_answer")):
            (count,) = connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()
            held, pages = connection.execute(query, (table,)).fetchone()
            found |= {f"bytes_{what}": round(held / count, 1), f"bytes_{what}_with_pages": round(pages / count, 1)}
            columns = f"SELECT SUM(LENGTH(rows)) FROM day_rows WHERE (series IN ('{WHOLE}', '{PARTS}')) = ?"
            (held,) = connection.execute(columns, (table == "checks",)).fetchone()
            found[f"bytes_of_columns_{what}"] = round(held / count, 1)
    return found


def resident() -> int:
    return int(psutil.Process().memory_info().rss)


def spread(times: list[float]) -> dict[str, float]:
    """Return the median and the slowest."""
    ordered = sorted(times)
    return {"p50": round(statistics.median(ordered), 1), "slowest": round(ordered[-1], 1)}


def start(what: str, cases: int, folder: Path) -> dict[str, Any]:
    """Do ``what`` of STARTED in a process of its own."""
    asked = [sys.executable, "-m", "tests.measure.figures", what, str(cases), str(folder)]
    found: dict[str, Any] = json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    return found


STARTED: dict[str, Callable[[int, Path], Coroutine[None, None, dict[str, Any]]]] = {"--ask": measure, "--read": read}


def starts(what: str, cases: int, folder: Path) -> dict[str, Any]:
    """A start with nothing behind it, one that derives everything, and one from the file that the second left."""
    full = folder / "full"
    empty = start(what, 0, folder / "empty")
    return {"empty": empty, "from the beginning": start(what, cases, full), "from the file": start(what, cases, full)}


def main() -> None:
    if sys.argv[1:2] and sys.argv[1] in STARTED:
        sys.stdout.write(json.dumps(asyncio.run(STARTED[sys.argv[1]](int(sys.argv[2]), Path(sys.argv[3])))) + "\n")
        return
    parser = command_line(__doc__)
    parser.add_argument("cases", nargs="?", type=int, default=200_000, help="how many (%(default)s)")
    cases: int = parser.parse_args().cases
    with tempfile.TemporaryDirectory() as folder:
        found: dict[str, Any] = {"cases": cases, "reading": starts("--read", cases, Path(folder))}
        file = next((Path(folder) / "full").glob("*.sqlite"))
        found["file"] = {"bytes": file.stat().st_size, **sizes(file)}
        found["asking"] = start("--ask", cases, Path(folder) / "full")
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(found, indent=1))
    sys.stdout.write(REPORT.read_text() + "\n")


if __name__ == "__main__":
    main()
