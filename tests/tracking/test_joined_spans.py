"""Spans that MLflow's integrations record inside a tracked call are parts of its trace."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import mlflow
import pytest
from mlflow import MlflowClient
from opentelemetry.sdk.trace import TracerProvider

from hitl.tracking import scope, track_custom
from tests.tracking.conftest import MemorySink, MlflowServer


@pytest.fixture
def autologging(make_tracker: Callable[..., Any], mlflow_server: MlflowServer) -> Iterator[Any]:
    """A tracker with autologging, whose sink has stored a trace of the operation."""
    tracker = make_tracker(None, uri=mlflow_server.url, autolog="sklearn", experiment_name="joined")
    yield tracker
    scope.use_join(None)
    mlflow.sklearn.autolog(disable=True)


def _call() -> Callable[[], str]:
    @mlflow.trace(name="autologged")
    def inside() -> str:
        return "said"

    @track_custom("joined", "outer")
    def outer() -> str:
        return inside()

    return outer


def _stored(server: MlflowServer, count: int) -> list[Any]:
    """The traces of the experiment, once the newest has ``count`` spans."""
    client = MlflowClient(server.url)
    deadline = time.monotonic() + 60
    while True:
        experiment = client.get_experiment_by_name("joined/joined")
        found = client.search_traces(locations=[experiment.experiment_id]) if experiment else []
        if found and len(found[0].data.spans) >= count:
            return list(found)
        assert time.monotonic() < deadline, [[span.name for span in each.data.spans] for each in found]
        time.sleep(0.2)


def test_an_autologged_span_is_a_child_of_the_tracked_call(autologging: Any, mlflow_server: MlflowServer) -> None:
    outer = _call()
    outer()
    assert autologging.flush(60)
    assert outer() == "said"
    assert autologging.flush(60)
    mlflow.flush_trace_async_logging()
    newest, first = _stored(mlflow_server, 2)[:2]
    spans = {span.name: span for span in newest.data.spans}
    assert spans.keys() == {"outer", "autologged"}
    assert (spans["autologged"].parent_id, spans["outer"].parent_id) == (spans["outer"].span_id, None)
    assert len(first.data.spans) == 1


def test_outside_an_operation_mlflow_has_its_own_context_again(autologging: Any) -> None:
    outer = _call()
    outer()
    assert autologging.flush(60)
    outer()
    assert mlflow.get_current_active_span() is None


def test_a_tracked_call_has_the_id_of_the_trace_around_it(make_tracker: Callable[..., Any], sink: MemorySink) -> None:
    tracker = make_tracker(sink)
    with TracerProvider().get_tracer("test").start_as_current_span("around") as span:
        track_custom("f", "op")(lambda: 1)()
    track_custom("f", "op")(lambda: 1)()
    assert tracker.flush(30)
    around = f"{span.get_span_context().trace_id:032x}"
    assert [each.trace_id == around for each in sink.spans] == [True, False]


def test_without_autologging_entering_an_operation_joins_nothing(make_tracker: Callable[..., Any], sink: MemorySink) -> None:
    make_tracker(sink)
    assert scope._join is None
