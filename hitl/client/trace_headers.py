"""Tell the service which trace a request belongs to (W3C Trace Context): that of the running OpenTelemetry span."""

import os
import sys
from collections.abc import Callable, Mapping

TraceHeaders = Callable[[], Mapping[str, str]]
"""Returns the headers of one request: ``traceparent``, and ``tracestate`` where there is one."""

VARIABLES = {"traceparent": "TRACEPARENT", "tracestate": "TRACESTATE"}
"""As OpenTelemetry hands a trace to a child process."""


def current_trace_headers() -> dict[str, str]:
    """Return the headers of the current span, where the program has OpenTelemetry loaded and one is running; else what the
    environment names; else none. Imports nothing."""
    propagation = sys.modules.get("opentelemetry.propagate")
    headers: dict[str, str] = {}
    if propagation is not None:
        propagation.inject(headers)
    if "traceparent" in headers:
        return {name: value for name, value in headers.items() if name in VARIABLES}
    return {name: os.environ[variable] for name, variable in VARIABLES.items() if os.environ.get(variable)}
