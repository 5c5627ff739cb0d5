"""Record each command of a shard as a span, and each review that opens: in the trace that its case began in, where it has one."""

import time
from collections.abc import Sequence
from typing import Any

from hitl.errors import HitlError
from hitl.intake.case_traces import CaseTraces
from hitl.intake.ports import StoredCase
from hitl.machine import Envelope, Shard
from hitl.machine.asked import A, name_of
from hitl.trace_context import TraceContext
from hitl.tracing import Attributes, SpanKind, Tracer

PROCESSING = "process intake"


class TracedCommands:
    """``cases`` None: the shard holds no cases, and a command stays in its caller's trace."""

    def __init__(self, tracer: Tracer, shard_name: str, cases: CaseTraces | None = None) -> None:
        self._tracer, self._name, self._cases = tracer, shard_name, cases

    async def submit(self, shard: Shard[Any], envelope: Envelope[A]) -> A:
        """As Shard.submit, inside a span. A person who answers has a trace of their own: it is linked to the case's."""
        begun = await self._trace_of_case(envelope.command)
        parent = begun or envelope.trace
        if parent is None:
            return await shard.submit(envelope)
        links = [envelope.trace] if envelope.trace is not None and envelope.trace.trace_id != parent.trace_id else []
        span = self._tracer.start(self._span_name(envelope), SpanKind.SERVER, parent, self._about(envelope), links)
        error: str | None = None
        try:
            return await shard.submit(envelope._replace(trace=span.context))
        except BaseException as refusal:
            error = None if isinstance(refusal, HitlError) else type(refusal).__name__
            raise
        finally:
            span.end(error)

    def record_openings(self, cases: Sequence[StoredCase], started_s: float) -> None:
        """Record that the reviews of these cases were opened, in one append that began at ``started_s`` (UTC seconds)."""
        ended_s = time.time()
        for case in cases:
            trace = case.record.trace
            if self._cases is not None:
                self._cases.note(case.record.case_id, trace)
            if trace is not None and trace.is_sampled:
                self._tracer.record(PROCESSING, SpanKind.CONSUMER, trace, self._about_case(case), started_s, ended_s)

    async def _trace_of_case(self, command: Any) -> TraceContext | None:
        case_id = _case_of(command)
        return None if self._cases is None or case_id is None else await self._cases.trace_of(case_id)

    def _span_name(self, envelope: Envelope[Any]) -> str:
        return f"{self._name.partition('-')[0]}/{name_of(envelope.command)}"

    def _about(self, envelope: Envelope[Any]) -> Attributes:
        review_id, case_id = getattr(envelope.command, "review_id", None), _case_of(envelope.command)
        return {
            "rpc.system": "ray",
            "rpc.service": self._name,
            "rpc.method": name_of(envelope.command),
            "hitl.request_id": envelope.request_id,
            **({"hitl.review_id": review_id} if isinstance(review_id, str) else {}),
            **({"hitl.case_id": case_id} if case_id else {}),
        }

    def _about_case(self, case: StoredCase) -> Attributes:
        return {
            "messaging.system": "redis",
            "messaging.operation.type": "process",
            "messaging.operation.name": "open review",
            "messaging.destination.name": "intake",
            "messaging.message.id": case.record.case_id,
            "hitl.task": case.record.task,
            "hitl.shard": self._name,
        }


def _case_of(command: Any) -> str | None:
    """Return the case that a command is about, or None: a review's id is that of its case and a number."""
    case_id, review_id = getattr(command, "case_id", None), getattr(command, "review_id", None)
    if isinstance(case_id, str):
        return case_id
    return (review_id.rpartition("-")[0] or None) if isinstance(review_id, str) else None
