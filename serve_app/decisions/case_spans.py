"""Record what a gateway does for each case that has a trace: the model's answer, and the append that hands it on."""

import time
from collections.abc import Sequence

from hitl.intake import CaseRecord
from hitl.tracing import Attributes, SpanKind, Tracer
from serve_app.http.telemetry import Telemetry

STORE = "redis"
"""The convention's word for a store with the protocol of Redis, which Valkey has."""

SENDING = "send intake"


class TracedTelemetry(Telemetry):
    """The gateway's telemetry where tracing is on."""

    def __init__(self, tracer: Tracer) -> None:
        super().__init__()
        self._tracer = tracer

    def stored(self, records: Sequence[CaseRecord], append_s: float) -> None:
        super().stored(records, append_s)
        ended_s, rows = time.time(), len(records)
        for record in records:
            trace = record.trace
            if trace is None or not trace.is_sampled:
                continue
            if record.model_s is not None:
                asked: Attributes = {"hitl.task": record.task, "hitl.model.version": record.model_version or ""}
                self._tracer.record(
                    f"predict {record.task}", SpanKind.INTERNAL, trace, asked, record.at - record.model_s, record.at
                )
            self._tracer.record(SENDING, SpanKind.PRODUCER, trace, _about(record, rows), ended_s - append_s, ended_s)


def _about(record: CaseRecord, rows: int) -> Attributes:
    return {
        "messaging.system": STORE,
        "messaging.operation.type": "send",
        "messaging.operation.name": "append_cases",
        "messaging.destination.name": "intake",
        "messaging.message.id": record.case_id,
        "messaging.batch.message_count": rows,
        "hitl.task": record.task,
        "hitl.action": record.action,
    }
