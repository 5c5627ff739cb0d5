"""The headers of W3C Trace Context."""

import pytest

from hitl.trace_context import TraceContext, read_trace_context

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.mark.parametrize(("flags", "known", "is_sampled"), [("01", 1, True), ("00", 0, False), ("03", 3, True), ("fe", 2, False)])
def test_a_trace_context_is_read(flags: str, known: int, is_sampled: bool) -> None:
    found = read_trace_context(f"00-{TRACE}-{SPAN}-{flags}", "a=1,b=2")
    assert found == TraceContext(TRACE, SPAN, known, "a=1,b=2")
    assert found.is_sampled is is_sampled


def test_a_later_version_may_say_more() -> None:
    assert read_trace_context(f"01-{TRACE}-{SPAN}-01-more") == TraceContext(TRACE, SPAN)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        f"00-{TRACE}-{SPAN}",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01\n00-{TRACE}-{SPAN}-01",
    ],
)
def test_what_is_none_is_no_trace(text: str) -> None:
    assert read_trace_context(text) is None


@pytest.mark.parametrize("state", ["x" * 513, "a=\x00", "a=é"])
def test_a_state_that_no_vendor_may_write_is_left_out(state: str) -> None:
    assert read_trace_context(f"00-{TRACE}-{SPAN}-01", state) == TraceContext(TRACE, SPAN)


def test_the_headers_go_on_as_they_came() -> None:
    text = f"00-{TRACE}-{SPAN}-01"
    found = read_trace_context(text, "a=1")
    assert found is not None
    assert found.headers == {"traceparent": text, "tracestate": "a=1"}
