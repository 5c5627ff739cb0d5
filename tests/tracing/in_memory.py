"""A tracer whose spans stay in this process, for unit tests."""

from typing import Any

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

from hitl.adapters.otel.tracer import OtelTracer


class MemoryTracer(OtelTracer):
    """``share`` as that of the settings."""

    def __init__(self, share: float = 1.0) -> None:
        provider, self.exporter = TracerProvider(sampler=ParentBased(TraceIdRatioBased(share))), InMemorySpanExporter()
        provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        super().__init__(provider)

    @property
    def spans(self) -> list[ReadableSpan]:
        return list(self.exporter.get_finished_spans())

    def named(self, name: str) -> ReadableSpan:
        [found] = [span for span in self.spans if span.name == name]
        return found


def trace_id_of(span: ReadableSpan) -> str:
    context: Any = span.context
    return f"{context.trace_id:032x}"
