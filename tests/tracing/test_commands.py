"""A shard's commands are spans of the trace in which their case began."""

from dataclasses import replace
from typing import Any

import pytest

from hitl.adapters.ray.traced_commands import TracedCommands
from hitl.errors import NotFound, StoreUnavailable
from hitl.intake.case_traces import CaseTraces
from hitl.intake.ports import StoredCase
from hitl.machine import Envelope
from hitl.review import Release
from hitl.trace_context import TraceContext
from tests.contracts.intake_contract import record
from tests.tracing.in_memory import MemoryTracer, trace_id_of

CASE = "a" * 26
BEGAN, PERSON = TraceContext("1" * 32, "2" * 16), TraceContext("3" * 32, "4" * 16)


class Intake:
    """Holds one case; ``asked`` counts."""

    def __init__(self, trace: TraceContext | None, is_away: bool = False) -> None:
        self._trace, self._is_away, self.asked = trace, is_away, 0

    async def find(self, case_id: str) -> StoredCase | None:
        self.asked += 1
        if self._is_away:
            raise StoreUnavailable("away")
        return StoredCase(1, replace(record(case_id), traceparent=self._trace.traceparent if self._trace else None), b"")


class Shard:
    """Remembers what it was sent."""

    def __init__(self, error: Exception | None = None) -> None:
        self.sent: list[Envelope[Any]] = []
        self._error = error

    async def submit(self, envelope: Envelope[Any]) -> str:
        self.sent.append(envelope)
        if self._error is not None:
            raise self._error
        return "done"


def _envelope(trace: TraceContext | None) -> Envelope[Any]:
    return Envelope(Release(f"{CASE}-1", 1, "ann", ""), "k", "f", "ann", "r", trace)


async def _submitted(intake: Intake, trace: TraceContext | None, shard: Shard) -> MemoryTracer:
    tracer = MemoryTracer()
    await TracedCommands(tracer, "review-0", CaseTraces([intake])).submit(shard, _envelope(trace))  # type: ignore[arg-type]
    return tracer


async def test_a_command_is_in_the_trace_of_its_case_and_linked_to_its_callers() -> None:
    shard = Shard()
    tracer = await _submitted(Intake(BEGAN), PERSON, shard)
    span = tracer.named("review/Release")
    assert (trace_id_of(span), [f"{link.context.trace_id:032x}" for link in span.links]) == (BEGAN.trace_id, [PERSON.trace_id])
    [sent] = shard.sent
    assert sent.trace is not None
    assert span.context is not None
    assert sent.trace.span_id == f"{span.context.span_id:016x}"


async def test_a_case_without_a_trace_leaves_the_command_in_its_callers() -> None:
    tracer = await _submitted(Intake(None), PERSON, Shard())
    assert trace_id_of(tracer.named("review/Release")) == PERSON.trace_id


async def test_a_store_that_is_away_holds_up_no_command() -> None:
    shard = Shard()
    tracer = await _submitted(Intake(BEGAN, is_away=True), PERSON, shard)
    assert (len(shard.sent), trace_id_of(tracer.spans[0])) == (1, PERSON.trace_id)


async def test_without_any_trace_there_is_no_span() -> None:
    shard = Shard()
    tracer = await _submitted(Intake(None), None, shard)
    assert (tracer.spans, shard.sent) == ([], [_envelope(None)])


@pytest.mark.parametrize(("error", "status"), [(NotFound("review", "r"), "UNSET"), (RuntimeError("fault"), "ERROR")])
async def test_a_refusal_is_no_error_and_a_fault_is_one(error: Exception, status: str) -> None:
    tracer = MemoryTracer()
    with pytest.raises(type(error)):
        await TracedCommands(tracer, "review-0").submit(Shard(error), _envelope(PERSON))  # type: ignore[arg-type]
    assert tracer.spans[0].status.status_code.name == status


async def test_a_case_is_looked_up_once() -> None:
    intake = Intake(BEGAN)
    traces = CaseTraces([intake])
    assert [await traces.trace_of(CASE) for _ in range(3)] == [BEGAN] * 3
    assert intake.asked == 1
