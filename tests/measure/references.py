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

import httpx2

from tests.measure.load_once import Target
from tests.running import ROOT, until
from tests.valkey_process import ValkeyProcess

PORTS = {"plain": 8101, "textbook": 8102, "lit": 8103}
READY_WITHIN_S = 90.0


def references() -> tuple[list[str], dict[str, str]]:
    """The names of those that can run, and for each that cannot the reason."""
    skipped = {name: why for name in PORTS if (why := _missing(name))}
    return [name for name in PORTS if name not in skipped], skipped


def folder() -> Path:
    return Path(os.environ.get("HITL_BENCH_DIR", ROOT.parent / "shared" / "bench"))


def _missing(name: str) -> str | None:
    if not (folder() / f"{name}.py").exists():
        return f"no {name}.py in HITL_BENCH_DIR"
    if name == "lit" and importlib.util.find_spec("litserve") is None:
        return "litserve is not installed"
    return None


@contextmanager
def reference(name: str) -> Iterator[Target]:
    """The server of that name while it is measured: one that waits for its turn takes the others' processor too."""
    port = PORTS[name]
    with ExitStack() as stack:
        temp = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ref-")))
        more = ["--redis", stack.enter_context(_store(temp))] if name == "textbook" else []
        argv = [sys.executable, str(folder() / f"{name}.py"), "--port", str(port), *more]
        environment = {**os.environ, "RAY_ADDRESS": "local", "RAY_TMPDIR": str(temp), "RAY_USAGE_STATS_ENABLED": "0"}
        log = stack.enter_context((temp / "log").open("wb"))
        process = subprocess.Popen(argv, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        stack.callback(_end, process)
        url = f"http://127.0.0.1:{port}/"
        until(lambda: _answers(url), READY_WITHIN_S)
        yield Target(name, url)


def _answers(url: str) -> bool:
    """Ray's proxy listens before the application behind it is ready."""
    try:
        return httpx2.post(url, json={"features": [0.0] * 64}, timeout=5).is_success
    except httpx2.TransportError:
        return False


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
