"""What tracking adds to a call: decorated minus bare, in one run, enabled against a real MLflow server and disabled.

The bare call waits two milliseconds, as a very fast model would: what it costs others to share the interpreter with the
exporter shows in the decorated figures. A second bare call is the control: the difference of two equal things is the
machine's own noise, and where that alone passes a target the run can neither show nor refute it.

``python -m tests.measure.tracking [--quick]`` writes the section ``tracking`` of ``build/bench/report.json``.
"""

import json
import operator
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from hitl.tracking import process, track_text
from hitl.tracking.record import OperationKind
from hitl.tracking.scope import Operation
from hitl.tracking.settings import TrackingSettings
from hitl.tracking.tracker import Tracker
from hitl.tracking.wrap import wrapped
from tests.measure.command_line import command_line
from tests.measure.mlflow_server import mlflow_server

REPORT = Path("build/bench/report.json")
WAIT_S = 0.002
ANSWER = {"model": "gpt-4o", "usage": {"prompt_tokens": 900, "completion_tokens": 300}, "confidence": 0.9, "text": "word " * 200}
PROMPT = "a prompt of some length " * 8
TARGET_P50_MS, TARGET_P99_MS, TARGET_DISABLED_US = 1.0, 5.0, 1.0
THREADS, ROUNDS = (1, 16), 7
DRAIN_S = 120.0
"""After that an orderly stop leaves the rest on disk, which is not a loss."""

Call = Callable[[str], Any]


def measure(quick: bool = False) -> dict[str, Any]:
    """All figures, and whether each stays under its target. Starts and stops its own MLflow server."""
    calls = 40 if quick else 112
    with tempfile.TemporaryDirectory() as home, mlflow_server(Path(home)) as uri:
        tracker = Tracker(TrackingSettings(switch=True, uri=uri, buffer_dir=Path(home) / "buffer", queue_traces=100_000))
        told = wrapped(_bare, Operation(OperationKind.TEXT, "bench", "call", "bench", ("prompt", "temperature")), tracker.submit)
        told(PROMPT)
        tracker.flush(60)
        enabled = {f"enabled_{threads}_threads": added(told, threads, calls) for threads in THREADS}
        stop = _orderly_stop(tracker)
        live = _live_spans(uri, calls // 4)
    return {**enabled, "disabled": _disabled(), "orderly_stop": stop, "overload": _overload(), **live}


def added(told: Call, threads: int, calls: int) -> dict[str, Any]:
    """``calls`` a round, spread over ``threads``; every thread takes turns between bare, control and decorated.

    What is added is the median over the rounds: a burst of other work on the machine spoils its round alone.
    """
    arms: dict[str, Call] = {"bare": _bare, "control": _bare, "decorated": told}
    rounds = [_round(arms, threads, max(calls // threads, 1)) for _ in range(ROUNDS)]
    figures: dict[str, Any] = {"rounds": ROUNDS, "calls": sum(len(each["bare"]) for each in rounds)}
    for name, q in (("p50", 0.50), ("p99", 0.99)):
        at = {arm: [_at(sorted(each[arm]), q) for each in rounds] for arm in arms}
        figures[f"{name}_bare_ms"] = round(median(at["bare"]), 3)
        figures[f"{name}_added_ms"] = round(median(map(operator.sub, at["decorated"], at["bare"])), 4)
        figures[f"{name}_noise_ms"] = round(median(abs(a - b) for a, b in zip(at["control"], at["bare"], strict=True)), 4)
    return figures | {"holds": verdict(figures)}


def verdict(figures: Mapping[str, float]) -> bool | None:
    """Whether both targets hold. None: one does not, but the machine's own noise is of the target's size."""
    targets = (("p50", TARGET_P50_MS), ("p99", TARGET_P99_MS))
    missed = [(name, target) for name, target in targets if figures[f"{name}_added_ms"] >= target]
    if any(figures[f"{name}_noise_ms"] < target / 2 for name, target in missed):
        return False
    return None if missed else True


def _bare(prompt: str, temperature: float = 0.2) -> dict[str, Any]:
    time.sleep(WAIT_S)
    return ANSWER


def _round(arms: Mapping[str, Call], threads: int, calls: int) -> dict[str, list[float]]:
    """Milliseconds of each call."""
    times: dict[str, list[float]] = {arm: [] for arm in arms}
    workers = [threading.Thread(target=_take_turns, args=(arms, calls, times)) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return times


def _take_turns(arms: Mapping[str, Call], calls: int, times: Mapping[str, list[float]]) -> None:
    for _ in range(calls):
        for arm, fn in arms.items():
            began = time.perf_counter()
            fn(PROMPT)
            times[arm].append((time.perf_counter() - began) * 1e3)


def _live_spans(uri: str, calls: int) -> dict[str, Any]:
    """The same call under MLflow's own decorator, exported by MLflow's own queue: what the product's spans stand in for."""
    os.environ["MLFLOW_ENABLE_ASYNC_TRACE_LOGGING"] = "true"
    import mlflow  # only here: the tracked process does not need it

    mlflow.set_tracking_uri(uri)
    mlflow.set_experiment("live spans")
    told: Call = mlflow.trace(_bare)
    told(PROMPT)
    figures = {f"live_mlflow_spans_{threads}_threads": added(told, threads, calls) for threads in THREADS}
    mlflow.flush_trace_async_logging(terminate=True)
    return figures


def _orderly_stop(tracker: Tracker) -> dict[str, Any]:
    """Nothing is lost: what is not stored is on disk. A batch that is under way may count as both; its repetition is harmless."""
    began, counts = time.monotonic(), tracker.counts
    all_stored = tracker.flush(DRAIN_S)
    tracker.close()
    told = {"submitted": counts.submitted, "stored": counts.exported, "left_on_disk": counts.buffered, "dropped": counts.dropped}
    whole = counts.submitted <= counts.exported + counts.buffered and not counts.dropped + counts.rejected
    return {**told, "took_s": round(time.monotonic() - began, 1), "all_stored": all_stored, "holds": whole}


def _disabled() -> dict[str, Any]:
    """A disabled decorator returns the function itself: what is measured is noise, and says so."""

    def bare() -> None:
        return None

    process.use(Tracker(TrackingSettings(switch=False)))
    told = track_text("bench", "disabled")(bare)
    process.use(None)
    loops = 200_000
    costs = [min(_loop(fn, loops) for _ in range(5)) / loops for fn in (bare, told)]
    added_us = (costs[1] - costs[0]) * 1e6
    return {"is_the_function_itself": told is bare, "added_us": round(added_us, 4), "holds": added_us < TARGET_DISABLED_US}


def _loop(fn: Callable[[], Any], loops: int) -> float:
    began = time.perf_counter()
    for _ in range(loops):
        fn()
    return time.perf_counter() - began


def _overload() -> dict[str, Any]:
    """A queue of 100 under 5,000 calls: what finds no room is counted and nobody waits."""

    class Slow:
        def export(self, traces: Any, *, is_repeat: bool) -> None:
            time.sleep(0.05)

    with tempfile.TemporaryDirectory() as home:
        settings = TrackingSettings(switch=True, uri="memory", buffer_dir=Path(home), queue_traces=100)
        tracker = Tracker(settings, open_sink=lambda _: Slow())
        told = wrapped(lambda: None, Operation(OperationKind.TEXT, "bench", "overload", "bench"), tracker.submit)
        seconds = _loop(told, 5_000)
        is_whole = tracker.flush(30)
        counts = tracker.counts
        tracker.close()
    agree = counts.exported + counts.dropped == counts.submitted == 5_000
    mean_us = round(seconds / 5_000 * 1e6, 1)
    return {"calls": 5_000, "dropped": counts.dropped, "mean_call_us": mean_us, "holds": agree and is_whole}


def _at(ordered: list[float], q: float) -> float:
    return ordered[min(int(len(ordered) * q), len(ordered) - 1)]


def _write(section: dict[str, Any]) -> None:
    """Put ``section`` into the report beside what is there."""
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    report = json.loads(REPORT.read_text(encoding="utf-8")) if REPORT.exists() else {}
    REPORT.write_text(json.dumps(report | {"tracking": section}, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = command_line(__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer calls")
    found = measure(quick=parser.parse_args().quick) | {"load": os.getloadavg()[0], "cpus": os.cpu_count()}
    _write(found)
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
