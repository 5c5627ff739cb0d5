"""Run the demonstration: learn from 100 images, serve, review, retrain, approve, and swap under traffic."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from hitl.adapters.files.data_sources import features_of, split
from hitl.cli.commands import accounts
from hitl.cli.commands.retrain import retrain
from hitl.cli.commands.show import starting
from hitl.cli.commands.verify import verify_all
from hitl.cli.demo import figures
from hitl.cli.demo.loop import FIRST_STREAM, SECOND_STREAM, Loop
from hitl.cli.demo.traffic import Image
from hitl.cli.local import control
from hitl.cli.local.place import DataLayout, place_of
from hitl.cli.local.up_file import UpState
from hitl.errors import InvalidConfig
from hitl.identity import Role
from hitl.settings import Settings
from hitl.tasks import load_tasks

if TYPE_CHECKING:
    from training.pipeline import Summary

TASK = "digits"
FOLDER = Path("build/demo")
REPLAY = Path("examples/replay_journal.py")

PEOPLE: dict[str, tuple[Role, ...]] = {
    "demo-client": (Role.CLIENT,),
    **{f"demo-reviewer-{n}": (Role.REVIEWER,) for n in range(1, 7)},
    **{f"demo-expert-{n}": (Role.REVIEWER, Role.EXPERT) for n in range(1, 3)},
    **{f"demo-approver-{n}": (Role.APPROVER,) for n in range(1, 3)},
    "demo-operator": (Role.OPERATOR,),
}


def run_demo(console: Console) -> int:
    """Return the exit status: 0 when the loop closed. Writes build/demo/report.json; its own service is stopped at the end."""
    started = time.monotonic()
    with _own_service(console) as state:
        report = asyncio.run(_measured(console, state, started))
    file = FOLDER / "report.json"
    figures.write(report, file)
    figures.show(console, report, file)
    return 0 if figures.is_good(report) else 1


async def _measured(console: Console, state: UpState, started: float) -> figures.DemoReport:
    keys = await asyncio.to_thread(accounts.issue_all, state.redis_url, PEOPLE)
    started_s = time.monotonic() - started
    async with Loop(console, state.url, keys, TASK, _images()) as loop:
        first = await _candidate(console, state, "first model from 100 images")
        await loop.approve(first)
        before = await loop.first_stream()
        second = await _candidate(console, state, "second model, with what people decided")
        after = await loop.second_stream(second)
        served = await loop.served()
    replay = await asyncio.to_thread(_replay, state, keys["demo-operator"])
    chains = await asyncio.to_thread(verify_all, state.redis_url, Settings().partitions, _archive(state))
    return {
        "task": TASK,
        "first_model": first,
        "second_model": second,
        "held_out_accuracy_before": second["champion_accuracy"],
        "held_out_accuracy_after": second["accuracy"],
        "first_stream": before,
        "second_stream": after,
        "served": served,
        "replay_matches": replay,
        "chains": {row.chain: row.entries for row in chains},
        "stages": loop.stages | {"replayed_chains": len(chains)},
        "start_seconds": round(started_s, 1),
        "seconds": round(time.monotonic() - started, 1),
        "cpus": os.cpu_count(),
    }


async def _candidate(console: Console, state: UpState, what: str) -> "Summary":
    """Retrain as a Ray job; its lines are shown as they come."""
    with console.status(f"training the {what} …") as line:
        found = await asyncio.to_thread(
            retrain, state, TASK, None, lambda text: line.update(f"training: {escape(text.strip()[:100])}")
        )
    console.print(f"candidate {found['digest'][:12]}: held-out accuracy {found['accuracy']:.4f}")
    return found


def _images() -> list[Image]:
    """Return the images that no model has seen: real ones, in an order of their own."""
    spec = load_tasks(Settings().tasks_dir.glob("*.yaml"))[TASK]
    rest = split(spec).rest
    if len(rest.labels) < FIRST_STREAM + SECOND_STREAM:
        raise InvalidConfig(TASK, "data", f"the demonstration needs {FIRST_STREAM + SECOND_STREAM} rows beside the declared ones")
    return [Image(features_of(spec, row), label) for row, label in zip(rest.rows, rest.labels, strict=True)]


def _archive(state: UpState) -> str:
    return state.environment["HITL_ARCHIVE_URI"]


def _replay(state: UpState, operator_key: str) -> bool:
    """Tell whether another program, from the documented format alone, replays the history to the live state."""
    argv = [sys.executable, str(REPLAY), "--redis-url", state.redis_url, "--api", state.url, "--json"]
    argv += ["--archive", _archive(state)]
    environment = {**os.environ, "HITL_API_KEY": operator_key}
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)
    if not done.stdout.strip():
        return False
    return bool(json.loads(done.stdout)["replay_matches"])


@contextmanager
def _own_service(console: Console) -> Iterator[UpState]:
    """A service on a fresh data directory and free ports, stopped at the end whatever happens."""
    place = place_of(FOLDER / "data")
    os.environ |= {"HITL_DATA_DIR": str(place.data_dir), "HITL_HTTP_PORT": "0"}
    _clear(place)
    try:
        with starting(console) as told:
            state, _ = control.start(place, told)
        console.print(f"the service is ready at {state.url}")
        yield state
    finally:
        control.stop(place)


def _clear(place: DataLayout) -> None:
    """A demonstration that was interrupted must not disturb the next one."""
    control.stop(place)
    shutil.rmtree(place.data_dir, ignore_errors=True)
