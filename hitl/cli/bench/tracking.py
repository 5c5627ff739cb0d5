"""What tracking adds to a call: decorated minus bare, in one run, enabled against a real MLflow server and disabled.

The bare call waits two milliseconds, as a very fast model would: what it costs others to share the interpreter with the
exporter shows in the decorated figures.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hitl.tracking import process, track_text
from hitl.tracking.record import Kind
from hitl.tracking.scope import Operation
from hitl.tracking.settings import TrackingSettings
from hitl.tracking.tracker import Tracker
from hitl.tracking.wrap import wrapped

WAIT_S = 0.002
ANSWER = {"model": "gpt-4o", "usage": {"prompt_tokens": 900, "completion_tokens": 300}, "confidence": 0.9, "text": "word " * 200}
TARGET_P50_MS, TARGET_P99_MS, TARGET_DISABLED_US = 1.0, 5.0, 1.0
START_S, DRAIN_S = 180.0, 300.0


def measure(quick: bool = False) -> dict[str, Any]:
    """All figures, and whether each stays under its target. Starts and stops its own MLflow server."""
    calls = 200 if quick else 500
    with tempfile.TemporaryDirectory() as home, _mlflow(Path(home)) as uri:
        settings = TrackingSettings(switch=True, uri=uri, buffer_dir=Path(home) / "buffer", queue_traces=100_000)
        tracker = Tracker(settings)
        told = {f"enabled_{threads}_threads": _added(tracker, threads, calls // threads or 1) for threads in (1, 16)}
        began = time.monotonic()
        is_whole = tracker.flush(DRAIN_S)
        counts, drained = tracker.counts, time.monotonic() - began
        tracker.close()
    stored = {"submitted": counts.submitted, "exported": counts.exported, "dropped": counts.dropped, "nothing_lost": is_whole}
    return {**told, "disabled": _disabled(), "orderly_stop": stored | {"drained_s": round(drained, 2)}, "overload": _overload()}


def _added(tracker: Tracker, threads: int, calls: int) -> dict[str, Any]:
    """Bare and decorated calls in alternation: both see the same load of the machine."""

    def bare(prompt: str, temperature: float = 0.2) -> dict[str, Any]:
        time.sleep(WAIT_S)
        return ANSWER

    told = wrapped(bare, Operation(Kind.TEXT, "bench", "call", "bench", ("prompt", "temperature")), tracker.submit)
    told("warm up")
    tracker.flush(60)
    times: dict[str, list[float]] = {"bare": [], "decorated": []}
    workers = [threading.Thread(target=_alternate, args=(bare, told, calls, times)) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    p50, p99 = (_at(times["decorated"], q) - _at(times["bare"], q) for q in (0.50, 0.99))
    figures = {"calls": len(times["bare"]), "p50_added_ms": round(p50 * 1e3, 4), "p99_added_ms": round(p99 * 1e3, 4)}
    bare_ms = {"p50_bare_ms": round(_at(times["bare"], 0.5) * 1e3, 3), "p99_bare_ms": round(_at(times["bare"], 0.99) * 1e3, 3)}
    return figures | bare_ms | {"holds": _holds(p50 * 1e3, p99 * 1e3, bare_ms["p99_bare_ms"] - bare_ms["p50_bare_ms"])}


def _holds(p50_ms: float, p99_ms: float, bare_spread_ms: float) -> bool | None:
    """None: the bare calls alone spread wider than the target, so that this run can neither show nor refute it."""
    if p50_ms >= TARGET_P50_MS:
        return False
    return None if bare_spread_ms > TARGET_P99_MS else p99_ms < TARGET_P99_MS


def _alternate(bare: Callable[[str], Any], told: Callable[[str], Any], calls: int, times: dict[str, list[float]]) -> None:
    for _ in range(calls):
        for name, fn in (("bare", bare), ("decorated", told)):
            began = time.perf_counter()
            fn("a prompt of some length " * 8)
            times[name].append(time.perf_counter() - began)


def _disabled() -> dict[str, Any]:
    """A disabled decorator returns the function itself: what is measured is noise, and says so."""

    def bare() -> None:
        return None

    process.use(Tracker(TrackingSettings(switch=False)))
    told = track_text("bench", "disabled")(bare)
    process.use(None)
    loops = 200_000
    costs = [min(_loop(fn, loops) for _ in range(5)) / loops for fn in (bare, told)]
    added = (costs[1] - costs[0]) * 1e6
    return {"is_the_function_itself": told is bare, "added_us": round(added, 4), "holds": added < TARGET_DISABLED_US}


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
        told = wrapped(lambda: None, Operation(Kind.TEXT, "bench", "overload", "bench"), tracker.submit)
        seconds = _loop(told, 5_000)
        is_whole = tracker.flush(30)
        counts = tracker.counts
        tracker.close()
    agree = counts.exported + counts.dropped == counts.submitted == 5_000
    return {
        "calls": 5_000,
        "dropped": counts.dropped,
        "counted": agree and is_whole,
        "mean_call_us": round(seconds / 5_000 * 1e6, 1),
    }


def _at(values: list[float], q: float) -> float:
    return sorted(values)[min(int(len(values) * q), len(values) - 1)]


@contextmanager
def _mlflow(home: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", f"sqlite:///{home}/mlflow.db", "--artifacts-destination", f"{home}/artifacts"]
    env = {**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=home, stdout=log, stderr=log, env=env, start_new_session=True)
    try:
        _await(f"http://127.0.0.1:{port}/health", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        _stop(server)


def _stop(server: "subprocess.Popen[bytes]") -> None:
    """Ask, then insist: a server that is busy with its last requests may take its time."""
    if server.poll() is None:
        os.killpg(server.pid, signal.SIGTERM)
    try:
        server.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _await(url: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_S
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(f"no MLflow server at {url}")


if __name__ == "__main__":
    import json

    sys.stdout.write(json.dumps(measure(quick="--quick" in sys.argv), indent=1) + "\n")
