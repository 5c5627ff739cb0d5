"""What leaves the service is in the trace of what it tells of, and names it to its receiver."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from redis.asyncio import Redis

from hitl.adapters.notify.senders import senders
from hitl.intake.case_traces import CaseTraces
from hitl.intake.ports import StoredCase
from hitl.outbox import Delivery
from hitl.outbox.cloud_events import cloud_event
from hitl.trace_context import TraceContext
from serve_app.reconcilers.outbox import Courier, OutboxTail
from tests.contracts.intake_contract import record
from tests.outbox.conftest import Office, final
from tests.outbox.receiver import receiving
from tests.tracing.in_memory import MemoryTracer

BEGAN = TraceContext("1" * 32, "2" * 16, 1, "vendor=1")


class Intake:
    """Every case began in BEGAN."""

    async def find(self, case_id: str) -> StoredCase | None:
        return StoredCase(1, replace(record(case_id), traceparent=BEGAN.traceparent, tracestate=BEGAN.tracestate), b"")


class TracedOffice(Office):
    """An outbox where tracing is on."""

    def restart(self) -> None:
        super().restart()
        self.tracer = MemoryTracer()
        self.tail = OutboxTail(self.store, {"review-0": self.journal}, self.config, CaseTraces([Intake()]))
        sending = senders(self.config, self.inbox, {})
        self.courier = Courier(self.store, sending, self.clock, lambda: 0.0, tracer=self.tracer)


@pytest.fixture
async def traced_office(valkey: Redis) -> AsyncIterator[TracedOffice]:
    async with receiving() as receiver:
        yield TracedOffice(valkey, receiver)


async def test_a_webhook_goes_on_with_the_trace_of_its_case(traced_office: TracedOffice) -> None:
    await traced_office.happen(final())
    await traced_office.run()
    [received], span = traced_office.receiver.received, traced_office.tracer.named("send hook")
    assert span.context is not None
    assert received.headers["traceparent"] == f"00-{BEGAN.trace_id}-{span.context.span_id:016x}-01"
    assert received.headers["tracestate"] == BEGAN.tracestate


async def test_a_failed_attempt_is_an_error_and_the_next_one_a_span_of_its_own(traced_office: TracedOffice) -> None:
    traced_office.receiver.answers = [500]
    await traced_office.happen(final())
    await traced_office.run()
    traced_office.clock.now += 86_400
    await traced_office.run()
    spans = [span for span in traced_office.tracer.spans if span.name == "send hook"]
    assert [span.status.status_code.name for span in spans] == ["ERROR", "UNSET"]


async def test_while_tracing_is_off_nothing_is_said_of_a_trace(valkey: Redis) -> None:
    async with receiving() as receiver:
        office = Office(valkey, receiver)
        await office.happen(final())
        await office.run()
        [received] = receiver.received
    assert "traceparent" not in received.headers
    assert b"trace" not in received.body


def _delivery(**more: Any) -> Delivery:
    body = {"source": "a-1", "timestamp": 0.0, "data": {}}
    return Delivery("a-1-1", "hook", "Deployed", "t", body, 0.0, **more)


def test_a_cloud_event_names_its_trace_in_the_extension() -> None:
    event = cloud_event(_delivery(traceparent=BEGAN.traceparent))
    assert (event["traceparent"], "tracestate" in event) == (BEGAN.traceparent, False)


def test_a_delivery_without_a_trace_is_stored_as_before() -> None:
    assert not [name for name in _delivery().plain() if name.startswith("trace")]
    assert Delivery.from_plain(json.loads(json.dumps(_delivery().plain()))) == _delivery()
