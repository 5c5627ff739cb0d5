"""The servers that a figure is given against: those of ``$HITL_BENCH_DIR`` that can run here, each in a process of its own."""

import importlib.util
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from hitl.cli.local.ports import answers
from tests.measure.load_once import Target
from tests.running import ROOT, until
from tests.valkey_process import ValkeyProcess

PORTS = {"plain": 8101, "textbook": 8102, "lit": 8103}
READY_WITHIN_S = 90.0


@contextmanager
def references() -> Iterator[tuple[list[Target], dict[str, str]]]:
    """The targets that run, and for each that does not the reason."""
    with ExitStack() as stack:
        found, skipped = [], {}
        for name in PORTS:
            if why := _missing(name):
                skipped[name] = why
            else:
                found.append(stack.enter_context(_running(name)))
        yield found, skipped


def folder() -> Path:
    return Path(os.environ.get("HITL_BENCH_DIR", ROOT.parent / "shared" / "bench"))


def _missing(name: str) -> str | None:
    if not (folder() / f"{name}.py").exists():
        return f"no {name}.py in HITL_BENCH_DIR"
    if name == "lit" and importlib.util.find_spec("litserve") is None:
        return "litserve is not installed"
    return None


@contextmanager
def _running(name: str) -> Iterator[Target]:
    port = PORTS[name]
    with ExitStack() as stack:
        temp = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ref-")))
        more = ["--redis", stack.enter_context(_store(temp))] if name == "textbook" else []
        argv = [sys.executable, str(folder() / f"{name}.py"), "--port", str(port), *more]
        environment = {**os.environ, "RAY_ADDRESS": "local", "RAY_TMPDIR": str(temp), "RAY_USAGE_STATS_ENABLED": "0"}
        log = stack.enter_context((temp / "log").open("wb"))
        process = subprocess.Popen(argv, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        stack.callback(_end, process)
        until(lambda: answers(port), READY_WITHIN_S)
        yield Target(name, f"http://127.0.0.1:{port}/")


@contextmanager
def _store(temp: Path) -> Iterator[str]:
    store = ValkeyProcess(temp)
    store.start()
    try:
        yield store.url
    finally:
        store.kill()


def _end(process: "subprocess.Popen[bytes]") -> None:
    """A polite stop, so that what it started goes with it."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
