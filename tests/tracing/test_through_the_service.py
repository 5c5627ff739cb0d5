"""One trace joins a client, the gateway, the review, the answer and the webhook, as an OTLP receiver gets it."""

import os
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from hitl.client import Client
from tests.free_ports import free_port
from tests.running import APPEARS_WITHIN_S, Running, images, running
from tests.tracing.collector import Collector, collecting

pytestmark = pytest.mark.service

CLIENT_KIND, SERVER_KIND, PRODUCER_KIND, CONSUMER_KIND = 3, 2, 4, 5
HOOKS = """
channels:
  hook: {{type: webhook, url: "{url}", secrets: ["whsec_QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD"]}}
rules:
  - {{name: decided, events: [DecisionFinal], channels: [hook], title: "$task: $case_id"}}
allow_http: true
allow_networks: [127.0.0.0/8]
"""


@pytest.fixture(scope="module")
def hook() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """The URL of a webhook's receiver, and the headers that it got."""
    got: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            got.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", got
    server.shutdown()


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with collecting() as found:
        yield found


@pytest.fixture(scope="module")
def traced_service(
    collector: Collector, hook: tuple[str, list[dict[str, str]]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    folder: Path = tmp_path_factory.mktemp("traced")
    notifications = folder / "notifications.yaml"
    notifications.write_text(HOOKS.format(url=hook[0]), encoding="utf-8")
    wanted = {"HITL_OTLP_ENDPOINT": collector.url, "HITL_OTLP_HEADERS": "x-team=hitl", "HITL_NOTIFICATIONS": str(notifications)}
    os.environ.update(wanted)
    try:
        with running(folder / "data") as found:
            yield found
    finally:
        for name in wanted:
            del os.environ[name]


def test_one_trace_joins_the_client_the_gateway_the_review_the_answer_and_the_webhook(
    traced_service: Running, collector: Collector, hook: tuple[str, list[dict[str, str]]]
) -> None:
    case_id, trace_id = _asked_in_a_span(traced_service)
    _answer(traced_service, case_id)
    wanted = {"POST /v1/tasks/{task}/decisions", "send intake", "process intake", "review/Decide", "send hook"}
    collector.wait_for(lambda: wanted <= {span.name for span in collector.of(trace_id)})
    spans = {span.name: span for span in collector.of(trace_id) if span.name in wanted}
    kinds = {name: span.kind for name, span in spans.items()}
    assert kinds == {
        "POST /v1/tasks/{task}/decisions": SERVER_KIND,
        "send intake": PRODUCER_KIND,
        "process intake": CONSUMER_KIND,
        "review/Decide": SERVER_KIND,
        "send hook": CLIENT_KIND,
    }
    request = spans["POST /v1/tasks/{task}/decisions"].span_id
    assert {spans[name].parent_id for name in ("send intake", "process intake", "review/Decide")} == {request}
    assert len({span.service for span in spans.values()}) == 3
    told = next(headers for headers in hook[1] if headers.get("traceparent", "")[3:35] == trace_id)
    assert told["traceparent"][36:52] == spans["send hook"].span_id


def test_the_answers_own_request_is_linked_to_the_trace_of_the_case(traced_service: Running, collector: Collector) -> None:
    case_id, trace_id = _asked_in_a_span(traced_service, start=400)
    _answer(traced_service, case_id)
    collector.wait_for(lambda: any(span.name == "review/Decide" for span in collector.of(trace_id)))
    [decided] = [span for span in collector.of(trace_id) if span.name == "review/Decide"]
    [linked] = decided.links
    collector.wait_for(lambda: bool(collector.of(linked)))
    assert {span.name for span in collector.of(linked)} >= {"POST /v1/reviews/{review_id}/decision"}


def test_the_receiver_gets_the_headers_of_the_setting(traced_service: Running, collector: Collector) -> None:
    assert {headers["x-team"] for headers in collector.headers} == {"hitl"}


def _asked_in_a_span(service: Running, start: int = 300) -> tuple[str, str]:
    """Return a case for people, and the trace of the client's span in which it was opened."""
    tracer = TracerProvider().get_tracer("test")
    with service.as_("client") as client:
        for features, _ in images(60, start=start):
            with tracer.start_as_current_span("ask") as span:
                told = client.decide("digits", features)
            if told["status"] == "pending_human":
                return str(told["case_id"]), f"{span.get_span_context().trace_id:032x}"
    raise AssertionError("no case for a person")


def _answer(service: Running, case_id: str) -> None:
    deadline = time.monotonic() + APPEARS_WITHIN_S
    with service.as_("ada") as reviewer:
        while time.monotonic() < deadline:
            review = reviewer.claim("digits").get("review")
            if review is None:
                time.sleep(0.1)
                continue
            reviewer.answer(review["review_id"], review["lease"]["id"], "3")
            if review["case_id"] == case_id:
                return
    raise AssertionError("the review did not come")


def test_the_current_span_is_no_part_of_a_client_that_was_given_another(traced_service: Running, collector: Collector) -> None:
    given = "00-" + "9" * 32 + "-" + "8" * 16 + "-01"
    key = traced_service.keys["client"]
    with Client(traced_service.url, key, trace_headers=lambda: {"traceparent": given}) as client:
        client.task("digits")
    collector.wait_for(lambda: [span.name for span in collector.of("9" * 32)] == ["GET /v1/tasks/{task}"])
    assert not trace.get_current_span().get_span_context().is_valid
