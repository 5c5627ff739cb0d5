"""Record a request as a server span, named and described by OpenTelemetry's conventions for HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager

from hitl.trace_context import TraceContext
from hitl.tracing import Attributes, RunningSpan, SpanKind, Tracer
from serve_app.http.request_head import RequestHead, given_trace

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER_METHOD = "_OTHER"
"""The convention's word for a method that is none: it must not become a name of its own."""


class ServerSpan:
    """The span of one request."""

    def __init__(self, span: RunningSpan, method: str, is_given: bool) -> None:
        self._span, self._method, self._is_given, self._status = span, method, is_given, 0

    @property
    def context(self) -> TraceContext | None:
        """The trace, with this span as its parent, of what happens because of the request. None for one that nobody knows of: it
        began here, and is not recorded."""
        found = self._span.context
        return found if found.is_sampled or self._is_given else None

    def name_route(self, route: str) -> None:
        """Name the span by its route, which is known only now."""
        self._span.rename(f"{self._method} {route}")
        self._span.note({"http.route": route})

    def answered(self, status: int) -> None:
        """Note the status of the answer."""
        self._status = status

    def end(self, error: str | None = None) -> None:
        """End it: a server's fault is an error, a refusal is none."""
        if self._status:
            self._span.note({"http.response.status_code": self._status})
        self._span.end(error or (str(self._status) if self._status >= 500 else None))


@contextmanager
def server_span(tracer: Tracer, head: RequestHead, route: str | None = None) -> Iterator[ServerSpan]:
    """The block answers the request. ``route`` is its template where that is known already.

    The convention wants ``url.path`` too. Paths here hold signed links, which vote: a collector is told the template alone."""
    method = head.method if head.method in METHODS else OTHER_METHOD
    about: Attributes = {
        "http.request.method": method,
        "hitl.request_id": head.request_id,
        **({"http.route": route} if route else {}),
    }
    name = f"{method} {route}" if route else method
    given = given_trace(head)
    span = ServerSpan(tracer.start(name, SpanKind.SERVER, given, about), method, given is not None)
    try:
        yield span
    except BaseException as error:
        span.end(type(error).__name__)
        raise
    span.end()
