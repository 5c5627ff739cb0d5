"""Trackers that write to memory, or to the session's MLflow server."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from hitl.errors import SinkAway
from hitl.tracking import process
from hitl.tracking.record import Span, Trace
from hitl.tracking.settings import TrackingSettings
from hitl.tracking.tracker import Tracker
from tests.free_ports import free_port
from tests.mlflow_process import MlflowServer

__all__ = ["MlflowServer", "free_port"]
FLUSHED_WITHIN_S = 180.0
"""How long traces that never arrive are waited for: a busy machine makes an experiment in seconds."""

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


@pytest.fixture
def live(make_tracker: Callable[..., Tracker], mlflow_server: MlflowServer) -> Tracker:
    """A tracker that writes to the session's MLflow server."""
    return make_tracker(None, uri=mlflow_server.url, experiment_name="tests")
