"""A job of training goes on with the trace of whoever started it, to a real receiver."""

from collections.abc import Iterator

import httpx2
import pytest

from hitl.client import Client
from hitl.trace_context import TraceContext, read_trace_context
from tests.tracing.collector import Collector, collecting
from training.args import Args, parse_args
from training.traced_job import traced_job

CONSUMER_KIND = 5
STARTER = TraceContext("a" * 32, "b" * 16)


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as found:
        yield found


def args(*more: str) -> Args:
    given = ["--task", "digits", "--api", "http://127.0.0.1:9", "--tracking-uri", "file:x", "--artifact-uri", "y"]
    return parse_args([*given, "--traceparent", STARTER.traceparent, *more], "a-run")


def traced(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> Args:
    monkeypatch.setenv("HITL_API_KEY", "k")
    monkeypatch.setenv("HITL_OTLP_ENDPOINT", collector.url)
    return args("--trigger", "new_labels")


def test_the_job_is_a_span_of_its_starters_trace(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    with traced_job(traced(collector, monkeypatch)) as trace:
        inside = trace.context
    [span] = collector.of(STARTER.trace_id)
    assert (span.service, span.name, span.kind) == ("ray-hitl-training", "train digits", CONSUMER_KIND)
    assert (span.parent_id, span.is_error) == (STARTER.span_id, False)
    assert (span.attributes["hitl.task"], span.attributes["hitl.trigger"]) == ("digits", "new_labels")
    assert inside is not None
    assert (inside.trace_id, inside.span_id) == (STARTER.trace_id, span.span_id)


def test_a_job_that_fails_is_a_failed_span(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="no data"), traced_job(traced(collector, monkeypatch)):
        raise ValueError("no data")
    [span] = collector.of(STARTER.trace_id)
    assert span.is_error


def test_what_the_job_asks_of_the_service_belongs_to_its_span(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(200, json={"task": "digits"})

    door = httpx2.MockTransport(answer)
    with (
        traced_job(traced(collector, monkeypatch)) as trace,
        Client("http://hitl", "k", transport=door, trace_headers=trace.headers) as client,
    ):
        client.task("digits")
    sent = read_trace_context(asked[0].headers["traceparent"])
    [span] = collector.of(STARTER.trace_id)
    assert sent is not None
    assert (sent.trace_id, sent.span_id) == (span.trace_id, span.span_id)


def test_without_a_receiver_the_trace_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HITL_API_KEY", "k")
    monkeypatch.delenv("HITL_OTLP_ENDPOINT", raising=False)
    with traced_job(args()) as trace:
        assert trace.context == STARTER
        assert trace.headers()["traceparent"] == STARTER.traceparent
