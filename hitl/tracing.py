"""The port of distributed tracing: spans of what the service does, in the trace of whoever asked for it.

It is off unless an endpoint is set: then there is no Tracer, and whoever would use one holds None.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeAlias

from hitl.trace_context import TraceContext

Attributes: TypeAlias = Mapping[str, str | int | float | bool]
"""By the names of OpenTelemetry's semantic conventions; ours begin with ``hitl.``."""


class SpanKind(StrEnum):
    """OpenTelemetry's kinds of spans."""

    SERVER = "server"
    CLIENT = "client"
    PRODUCER = "producer"
    CONSUMER = "consumer"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class TracingTerms:
    """Spans go to ``endpoint`` (the base URL of an OTLP receiver over HTTP) with ``headers`` (``name=value,name=value``).

    ``share`` of the traces that begin here are recorded; a trace that a client began is recorded if the client says so."""

    endpoint: str
    share: float = 1.0
    headers: str = field(default="", repr=False)


class RunningSpan(Protocol):
    """A span that is not over. Its methods never raise and never block."""

    @property
    def context(self) -> TraceContext:
        """What its children name as their parent."""

    def note(self, attributes: Attributes) -> None:
        """Add attributes."""

    def rename(self, name: str) -> None:
        """Replace the name that it began with."""

    def end(self, error: str | None = None) -> None:
        """End it; ``error`` is the type of what made it fail. Called once."""


class Tracer(Protocol):
    """Makes spans of one part of the service and exports them in the background. Thread safe; never raises, never blocks."""

    def start(
        self,
        name: str,
        kind: SpanKind,
        parent: TraceContext | None,
        attributes: Attributes,
        links: Sequence[TraceContext] = (),
    ) -> RunningSpan:
        """Begin a span under ``parent``, or a trace of its own without one. ``links`` are other traces that it belongs to."""

    def record(
        self, name: str, kind: SpanKind, parent: TraceContext, attributes: Attributes, started_s: float, ended_s: float
    ) -> None:
        """Add a span that is over, between two times in UTC seconds."""

    def flush(self) -> None:
        """Return when everything that ended was sent or given up. Blocks."""
