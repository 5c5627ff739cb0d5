"""Records and entries without a trace keep the bytes that they had, and one with a trace is read again."""

from dataclasses import replace

from hitl.canonical import canonical
from hitl.intake import CaseRecord
from hitl.journal import Commit
from hitl.journal.entry import Effect
from hitl.machine.batch import commit_of
from hitl.machine.events import PLAIN_EVENTS
from hitl.machine.machine import Envelope, Outcome
from hitl.trace_context import TraceContext
from tests.contracts.intake_contract import record

TRACE = TraceContext("a" * 32, "b" * 16, 1, "vendor=1")
BEFORE = (
    b'{"answer":{},"at":1.0,"by":"ann","command":"Release","command_id":"k","epoch":1,"events":[{"type":"Seen"}],'
    b'"fingerprint":"f","request_id":"r"}'
)


class Release:
    """Stands for a command."""


def _commit(trace: TraceContext | None) -> Commit:
    envelope = Envelope(Release(), "k", "f", "ann", "r", trace)  # type: ignore[type-var]
    return commit_of(envelope, 1.0, 1, Outcome([{"type": "Seen"}], {}))


def test_an_entry_without_a_trace_has_the_bytes_of_before() -> None:
    assert _commit(None).encode() == BEFORE
    assert PLAIN_EVENTS.write(_commit(None))[0] == BEFORE


def test_an_entry_of_before_is_read() -> None:
    assert (Commit.decode(BEFORE).traceparent, Effect.decode(BEFORE).traceparent) == ("", "")


def test_an_entry_says_to_which_trace_its_command_belongs() -> None:
    body, effect = PLAIN_EVENTS.write(_commit(TRACE))
    assert (effect.traceparent, effect.tracestate) == (TRACE.traceparent, "vendor=1")
    assert Commit.decode(body).traceparent == TRACE.traceparent


def test_a_case_without_a_trace_has_the_bytes_of_before() -> None:
    told = record("a").encode()
    assert b"trace" not in told
    assert CaseRecord.decode(told).trace is None


def test_a_case_says_in_which_trace_it_began() -> None:
    began = replace(record("a"), traceparent=TRACE.traceparent, tracestate=TRACE.tracestate)
    assert CaseRecord.decode(began.encode()).trace == TRACE
    assert began.encode() == canonical({**_fields(record("a")), "traceparent": TRACE.traceparent, "tracestate": "vendor=1"})


def _fields(of: CaseRecord) -> dict[str, object]:
    import json

    return json.loads(of.encode())
