"""The W3C trace context of a request: which trace it belongs to, and what is its parent there.

Trace Context, W3C Recommendation of 2021, sections 3.2 (``traceparent``) and 3.3 (``tracestate``).
"""

import re
from dataclasses import dataclass

TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
TRACESTATE = re.compile(r"[\x20-\x7e]{0,512}")
SAMPLED, RANDOM = 1, 2
"""Flags: the trace is recorded; its id was drawn at random (Trace Context Level 2). Others mean nothing yet, and are dropped."""
NO_TRACE, NO_SPAN = "0" * 32, "0" * 16
"""Ids that the recommendation calls invalid."""


@dataclass(frozen=True, slots=True)
class TraceContext:
    """``trace_id`` has 32 hexadecimal characters, ``span_id`` 16; ``flags`` are SAMPLED and RANDOM."""

    trace_id: str
    span_id: str
    flags: int = 1
    tracestate: str = ""

    @property
    def is_sampled(self) -> bool:
        """Whether its spans are recorded."""
        return bool(self.flags & SAMPLED)

    @property
    def traceparent(self) -> str:
        """The header's value.

        >>> TraceContext("a" * 32, "b" * 16).traceparent
        '00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01'
        """
        return f"00-{self.trace_id}-{self.span_id}-{self.flags:02x}"

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a request that goes on with this trace."""
        state = {"tracestate": self.tracestate} if self.tracestate else {}
        return {"traceparent": self.traceparent, **state}


def read_trace_context(traceparent: str, tracestate: str = "") -> TraceContext | None:
    """Return the context that the headers name; None for what is none: a client's mistake in it fails no request.

    >>> read_trace_context("00-" + "a" * 32 + "-" + "b" * 16 + "-01").is_sampled
    True
    >>> read_trace_context("00-" + "0" * 32 + "-" + "b" * 16 + "-01") is None
    True
    """
    found = TRACEPARENT.fullmatch(traceparent.strip())
    if found is None:
        return None
    version, trace_id, span_id, flags, more = found.groups()
    if version == "ff" or (version == "00" and more) or trace_id == NO_TRACE or span_id == NO_SPAN:
        return None
    state = tracestate.strip() if TRACESTATE.fullmatch(tracestate) else ""
    return TraceContext(trace_id, span_id, int(flags, 16) & (SAMPLED | RANDOM), state)
