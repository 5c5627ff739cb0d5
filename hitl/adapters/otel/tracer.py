"""Make spans with OpenTelemetry's SDK; whoever gives the provider says where they go."""

from collections.abc import Sequence

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    Span,
    SpanContext,
    Status,
    StatusCode,
    TraceFlags,
    TraceState,
    set_span_in_context,
)
from opentelemetry.trace import SpanKind as OtelKind

from hitl import __version__
from hitl.trace_context import TraceContext
from hitl.tracing import Attributes, RunningSpan, SpanKind

KINDS = {kind: OtelKind[kind.name] for kind in SpanKind}
NANOSECONDS = 1_000_000_000


class OtelTracer:
    """A hitl.tracing.Tracer."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider, self._tracer = provider, provider.get_tracer("ray-hitl", __version__)

    def start(
        self,
        name: str,
        kind: SpanKind,
        parent: TraceContext | None,
        attributes: Attributes,
        links: Sequence[TraceContext] = (),
    ) -> RunningSpan:
        return OtelSpan(self._begin(name, kind, parent, attributes, links, None))

    def record(
        self, name: str, kind: SpanKind, parent: TraceContext, attributes: Attributes, started_s: float, ended_s: float
    ) -> None:
        span = self._begin(name, kind, parent, attributes, (), int(started_s * NANOSECONDS))
        span.end(int(ended_s * NANOSECONDS))

    def flush(self) -> None:
        self._provider.force_flush()

    def _begin(
        self,
        name: str,
        kind: SpanKind,
        parent: TraceContext | None,
        attributes: Attributes,
        links: Sequence[TraceContext],
        started_ns: int | None,
    ) -> Span:
        # The context is given, never taken from the process: spans of programs that share it are not ours.
        context = set_span_in_context(NonRecordingSpan(_of(parent) if parent else _NONE))
        others = [Link(_of(link)) for link in links]
        return self._tracer.start_span(name, context, KINDS[kind], dict(attributes), others, started_ns)


class OtelSpan:
    """A hitl.tracing.RunningSpan."""

    def __init__(self, span: Span) -> None:
        self._span = span

    @property
    def context(self) -> TraceContext:
        of = self._span.get_span_context()
        return TraceContext(f"{of.trace_id:032x}", f"{of.span_id:016x}", int(of.trace_flags), of.trace_state.to_header())

    def note(self, attributes: Attributes) -> None:
        self._span.set_attributes(dict(attributes))

    def rename(self, name: str) -> None:
        self._span.update_name(name)

    def end(self, error: str | None = None) -> None:
        if error is not None:
            self._span.set_attribute("error.type", error)
            self._span.set_status(Status(StatusCode.ERROR))
        self._span.end()


_NONE = SpanContext(0, 0, is_remote=False)


def _of(context: TraceContext) -> SpanContext:
    state = TraceState.from_header([context.tracestate]) if context.tracestate else None
    return SpanContext(
        int(context.trace_id, 16),
        int(context.span_id, 16),
        is_remote=True,
        trace_flags=TraceFlags(context.flags),
        trace_state=state,
    )
