"""What figures cost with a long history: a start's first answers, every route's times, and the memory that is held.

``python -m tests.measure.figures [cases]`` writes ``build/bench/figures.json``: 200,000 cases by default, of which people
answered one in ten. The review application runs in a process of its own for each start, over journals in memory and a history
whose rows are made when they are asked for, without HTTP, Ray and the store: what is measured is the application's own part.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from hitl.routing.route import Action, Priority
from serve_app.evidence.evidence import TaskEvidence
from tests.fakes.long_history import LongHistory, LongIntake, LongShards
from tests.review_app.conftest import _record
from tests.review_app.test_quality import MODEL, Certified

REPORT = Path("build/bench/figures.json")
ONE_IN = 10
ASKED = 12
"""Questions to each route."""
ROUTES = ("", "?since=1700100000", "/certificate", "/reviewers", "/agreement", "/curves")
PATHS = (*(f"/v1/quality/digits{part}" for part in ROUTES), "/v1/targets")


class LongWorld(Certified):
    """The application of the quality tests over a history of ``cases``."""

    def __init__(self, cases: int, folder: Path) -> None:
        super().__init__()
        template = replace(_record("k", Action.REVIEW, Priority.NORMAL), gold_probability=0.1, segment="all", model_version=MODEL)
        self.history = LongHistory("digits", replace(template, policy_version=self.version), cases, ONE_IN)
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
    began = resident()
    first = {path: await world.ask(path) for path in PATHS}
    still = {path: spread([await world.ask(path) for _ in range(ASKED)]) for path in PATHS}
    held = resident()
    busy = {path: [] for path in PATHS}  # type: dict[str, list[float]]
    for _ in range(ASKED):
        for path in PATHS:
            world.grow(ONE_IN)
            busy[path].append(await world.ask(path))
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
        "certifier_s": statistics.median(looks),
        "grown_mb": round((held - began) / 2**20, 1),
        "peak_mb": round((resident() - began) / 2**20, 1),
    }


def resident() -> int:
    return int(psutil.Process().memory_info().rss)


def spread(times: list[float]) -> dict[str, float]:
    """Return the median and the 99th percentile."""
    ordered = sorted(times)
    return {"p50": round(statistics.median(ordered), 1), "p99": round(ordered[int(0.99 * len(ordered))], 1)}


def start(cases: int, folder: Path) -> dict[str, Any]:
    """Measure in a process of its own."""
    asked = [sys.executable, "-m", "tests.measure.figures", "--one", str(cases), str(folder)]
    found: dict[str, Any] = json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    return found


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        sys.stdout.write(json.dumps(asyncio.run(measure(int(sys.argv[2]), Path(sys.argv[3])))) + "\n")
        return
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as folder:
        empty, full = Path(folder) / "empty", Path(folder) / "full"
        found = {"empty": start(0, empty), "from the beginning": start(cases, full), "from the file": start(cases, full)}
        size = sum(path.stat().st_size for path in full.glob("*.sqlite"))
    found["file"] = {"bytes": size, "bytes_a_label": size * ONE_IN / cases}
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(found, indent=1))
    sys.stdout.write(REPORT.read_text() + "\n")


if __name__ == "__main__":
    main()
