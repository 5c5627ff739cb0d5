"""Let the spans of MLflow's integrations join our traces: while an operation runs, MLflow finds it as their parent.

MLflow has a trace of its own in memory for every span that it records. For one of ours it is told of a trace that was begun
elsewhere, as for a request that comes with W3C headers (mlflow.tracing.distributed); it then stores the spans in that trace, in
the experiment where ours is stored.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping

from mlflow.entities.trace_info import TraceInfo
from mlflow.entities.trace_location import TraceLocation
from mlflow.entities.trace_state import TraceState
from mlflow.tracing.provider import get_context_api
from mlflow.tracing.trace_manager import InMemoryTraceManager
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

from hitl.adapters.mlflow.spans import trace_id_of
from hitl.tracking.scope import OpenSpan

FORGET_AFTER_S = 60.0
"""MLflow exports in batches, some seconds after a span ended; until then it must know the trace."""

SAMPLED = TraceFlags(TraceFlags.SAMPLED)

Homes = Mapping[tuple[str, str], str]
"""The experiment's id for the outermost operation with this feature and name."""


class JoinedSpans:
    """A hitl.tracking.scope.Join. The first trace of an operation is not joined: its experiment is known when it is stored."""

    def __init__(self, homes: Homes, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._homes, self._monotonic = homes, monotonic
        self._known: OrderedDict[int, float] = OrderedDict()

    def __call__(self, span: OpenSpan) -> Callable[[], None] | None:
        home = self._homes.get(span.root.operation_name)
        if home is None:
            return None
        otel_id = int(span.trace_id, 16)
        self._register(otel_id, span, home)
        parent = NonRecordingSpan(SpanContext(otel_id, int(span.span_id, 16), is_remote=True, trace_flags=SAMPLED))
        contexts = get_context_api()
        token = contexts.attach(set_span_in_context(parent))
        return lambda: contexts.detach(token)

    def _register(self, otel_id: int, span: OpenSpan, home: str) -> None:
        now, manager = self._monotonic(), InMemoryTraceManager.get_instance()
        while self._known and next(iter(self._known.values())) < now - FORGET_AFTER_S:
            manager.pop_trace(self._known.popitem(last=False)[0])
        if otel_id not in self._known:
            place, began_ms = TraceLocation.from_experiment_id(home), span.started_ns // 1_000_000
            told = TraceInfo(trace_id_of(span.trace_id), place, began_ms, TraceState.IN_PROGRESS)
            manager.register_trace(otel_id, told, is_remote_trace=True)
        self._known[otel_id] = now
        self._known.move_to_end(otel_id)
