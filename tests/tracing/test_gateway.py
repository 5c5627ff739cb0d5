"""The gateway takes the client's trace, makes spans of its work, and does nothing of it while tracing is off."""

from dataclasses import replace
from typing import Any

import pytest

from hitl.trace_context import TraceContext
from serve_app.decisions.app import Gateway
from serve_app.decisions.case_spans import TracedTelemetry
from serve_app.http import request_head, server_spans
from tests.gateway.service import Service
from tests.tracing.in_memory import MemoryTracer, trace_id_of

CLIENT = TraceContext("a" * 32, "b" * 16, 1, "vendor=1")
UNDECIDED = [0.1, 0.2, 0.7]


class TracedService(Service):
    """A gateway whose tracer keeps its spans."""

    def __init__(self, share: float = 1.0, **more: Any) -> None:
        self.tracer = MemoryTracer(share)
        super().__init__(**more)

    def _ports(self) -> Any:
        return replace(super()._ports(), tracer=self.tracer, telemetry=TracedTelemetry(self.tracer))


async def test_a_decision_is_a_span_of_the_clients_trace() -> None:
    service = TracedService()
    await service.decide(UNDECIDED, **CLIENT.headers)
    span = service.tracer.named("POST /v1/tasks/{task}/decisions")
    assert trace_id_of(span) == CLIENT.trace_id
    assert (span.parent and f"{span.parent.span_id:016x}", span.kind.name) == (CLIENT.span_id, "SERVER")
    assert span.attributes is not None
    told = {name: span.attributes[name] for name in ("http.request.method", "http.route", "http.response.status_code")}
    assert told == {
        "http.request.method": "POST",
        "http.route": "/v1/tasks/{task}/decisions",
        "http.response.status_code": 202,
    }


async def test_the_case_names_the_span_that_it_began_in() -> None:
    service = TracedService()
    await service.decide(UNDECIDED, **CLIENT.headers)
    [case] = service.intakes[0].stored()
    span = service.tracer.named("POST /v1/tasks/{task}/decisions")
    assert span.context is not None
    assert case.record.trace == TraceContext(CLIENT.trace_id, f"{span.context.span_id:016x}", 1, "vendor=1")


async def test_the_append_is_a_span_under_the_request() -> None:
    service = TracedService()
    await service.decide(UNDECIDED, **CLIENT.headers)
    request, sent = service.tracer.named("POST /v1/tasks/{task}/decisions"), service.tracer.named("send intake")
    assert (sent.kind.name, trace_id_of(sent)) == ("PRODUCER", CLIENT.trace_id)
    assert sent.parent is not None
    assert request.context is not None
    assert sent.parent.span_id == request.context.span_id


async def test_a_refused_request_is_no_error_and_says_its_status() -> None:
    service = TracedService()
    await service.decide([0.1], **CLIENT.headers)
    [span] = service.tracer.spans
    assert span.attributes is not None
    assert (span.attributes["http.response.status_code"], span.status.status_code.name) == (422, "UNSET")


async def test_a_path_of_no_route_is_no_name_of_a_span() -> None:
    service = TracedService()
    await service.http.get("/v1/tasks/loans/anything/else", headers=CLIENT.headers)
    assert [span.name for span in service.tracer.spans] == ["GET"]


async def test_a_client_that_is_not_sampled_is_handed_on_and_not_recorded() -> None:
    service = TracedService()
    await service.decide(UNDECIDED, **replace(CLIENT, flags=0).headers)
    assert service.tracer.spans == []
    trace = service.intakes[0].stored()[0].record.trace
    assert trace is not None
    assert (trace.trace_id, trace.is_sampled) == (CLIENT.trace_id, False)


@pytest.mark.parametrize(("share", "spans"), [(0.0, 0), (1.0, 2)])
async def test_the_share_holds_for_traces_that_begin_here(share: float, spans: int) -> None:
    service = TracedService(share)
    await service.decide(UNDECIDED)
    assert len([span for span in service.tracer.spans if not span.name.startswith("predict")]) == spans
    assert (service.intakes[0].stored()[0].record.traceparent is not None) == bool(spans)


async def test_a_broken_header_fails_no_request() -> None:
    service = TracedService()
    answer = await service.decide(UNDECIDED, traceparent="00-nonsense")
    assert answer.status_code == 202


async def test_nothing_is_read_made_or_stored_while_tracing_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr(request_head, "read_trace_context", lambda *_: calls.append("read"))
    monkeypatch.setattr(server_spans, "given_trace", lambda *_: calls.append("given"))
    monkeypatch.setattr(Gateway, "_traced_reply", lambda *_: calls.append("traced"))
    service = Service()
    await service.decide(UNDECIDED, **CLIENT.headers)
    assert calls == []
    assert service.intakes[0].stored()[0].record.traceparent is None
