"""The events of all journals together."""

from typing import get_args

from hitl.history import KNOWN, AnyEvent, read_history
from hitl.journal.entry import Commit
from hitl.machine.events import type_of
from tests.fakes.history import filled


def body(*events: dict[str, object]) -> bytes:
    return Commit(1.0, 1, "ann", "r", "c", "i", "f", {}, list(events)).encode()


def test_no_two_events_have_one_name() -> None:
    assert len(KNOWN) == len(get_args(AnyEvent))


def test_what_a_newer_version_wrote_is_left_out_and_the_rest_is_read() -> None:
    known = filled({"type": "CaseMoved", "workflow_id": "w", "to_state": "completed"})
    found = read_history(body({"type": "Unheard", "what": 1}, known))
    assert [(type_of(event), found.at) for event in found.events] == [("CaseMoved", 1.0)]
    assert found.events == read_history(body(known)).events
