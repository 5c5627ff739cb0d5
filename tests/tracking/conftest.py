"""A real MLflow server on sqlite for the session, and trackers that write to memory or to it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from hitl.errors import SinkAway
from hitl.tracking import process
from hitl.tracking.record import Span, Trace
from hitl.tracking.settings import TrackingSettings
from hitl.tracking.tracker import Tracker

START_S = 180.0
"""A server needs ten seconds of a core to start, and a busy machine shares its cores."""
CONFIG = Path(__file__).parents[2] / "configs" / "tracking.yaml"


class MemorySink:
    """Keeps traces; away while ``is_away``. Storing a span twice stores it once, as MLflow does."""

    def __init__(self) -> None:
        self.traces: list[Trace] = []
        self.is_away = False
        self.fails_after_storing = 0
        self.calls = 0

    def export(self, traces: Sequence[Trace], *, is_repeat: bool) -> None:
        self.calls += 1
        if self.is_away:
            raise SinkAway("memory", "told to be")
        known = {span.span_id for span in self.spans} if is_repeat else set()
        self.traces += [trace for trace in traces if trace.spans[0].span_id not in known]
        if self.fails_after_storing:
            self.fails_after_storing -= 1
            raise SinkAway("memory", "the answer was lost")

    @property
    def spans(self) -> list[Span]:
        return [span for trace in self.traces for span in trace.spans]


@pytest.fixture
def sink() -> MemorySink:
    return MemorySink()


@pytest.fixture
def make_tracker(tmp_path: Path) -> Iterator[Callable[..., Tracker]]:
    made: list[Tracker] = []

    def make(sink: MemorySink | None = None, outbox: object = None, **settings: object) -> Tracker:
        given = {"switch": True, "uri": "memory", "buffer_dir": tmp_path / "buffer", "config": CONFIG, **settings}
        tracker = Tracker(TrackingSettings(**given), open_sink=sink and (lambda _: sink), outbox=outbox)  # type: ignore[arg-type]
        made.append(tracker)
        process.use(tracker)
        return tracker

    yield make
    process.use(None)
    for tracker in made:
        tracker.close(1)


@pytest.fixture
def tracker(make_tracker: Callable[..., Tracker], sink: MemorySink) -> Tracker:
    return make_tracker(sink)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class MlflowServer:
    """``mlflow server`` on one store; can be stopped and started again on the same port."""

    def __init__(self, home: Path, backend: str | None = None, extra_path: str = "") -> None:
        self.home, self.port = home, free_port()
        self.backend = backend or f"sqlite:///{home}/mlflow.db"
        self._extra = extra_path
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(self.port), "--workers", "1"]
        command += ["--backend-store-uri", self.backend, "--artifacts-destination", f"{self.home}/artifacts"]
        off = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
        path = os.pathsep.join(part for part in (os.environ.get("PYTHONPATH", ""), self._extra) if part)
        with (self.home / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self.home,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, **off, "PYTHONPATH": path},
            )
        self._await_health()

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        os.killpg(self._process.pid, 15)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, 9)
            self._process.wait()
        self._process = None

    def _await_health(self) -> None:
        deadline = time.monotonic() + START_S
        while self._process is not None and self._process.poll() is None and time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=1):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        self.stop()
        raise RuntimeError((self.home / "server.log").read_text()[-2000:])


@pytest.fixture(scope="session")
def mlflow_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MlflowServer]:
    server = MlflowServer(tmp_path_factory.mktemp("mlflow"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def live(make_tracker: Callable[..., Tracker], mlflow_server: MlflowServer) -> Tracker:
    """A tracker that writes to the session's MLflow server."""
    return make_tracker(None, uri=mlflow_server.url, experiment_name="tests")
