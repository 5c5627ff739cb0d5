"""Typed events keep the bytes that plain objects had, and come back as they were."""

import math
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl.canonical import canonical
from hitl.journal import Commit
from hitl.machine.asked import answer_of
from hitl.machine.events import Event, EventCodec, type_of


class Weighed(Event):
    case_id: str
    weight: float | None = None
    notes: dict[str, Any] = msgspec.field(default_factory=dict)
    claim: str | msgspec.UnsetType = msgspec.UNSET


class Dropped(Event):
    case_id: str


CODEC: EventCodec[Weighed | Dropped] = EventCodec(Weighed | Dropped)
FLOATS = st.floats(allow_nan=False, allow_infinity=False) | st.floats(-2e-4, 2e-4)


def commit(*events: Event) -> Commit:
    return Commit(1.0, 1, "ann", "r", "Weigh", "k", "f", {}, list(events))


@settings(max_examples=50)
@given(st.text(), FLOATS | st.none(), st.dictionaries(st.text(), FLOATS | st.text(), max_size=3))
def test_an_event_has_the_canonical_bytes_of_its_plain_form(case_id: str, weight: float | None, notes: dict[str, Any]) -> None:
    body, effect = CODEC.write(commit(Weighed(case_id=case_id, weight=weight, notes=notes)))
    plain = {"type": "Weighed", "case_id": case_id, "weight": weight, "notes": notes}
    assert body == canonical({**commit().plain(), "events": [plain]})
    assert effect.events == [Weighed(case_id=case_id, weight=weight, notes=notes)]


def test_an_entry_that_lacks_a_field_gets_its_default() -> None:
    body = canonical({**commit().plain(), "events": [{"type": "Weighed", "case_id": "c"}]})
    assert CODEC.read(body).events == [Weighed(case_id="c")]


def test_an_unset_field_stays_out_of_the_journal() -> None:
    assert b"claim" not in CODEC.write(commit(Weighed(case_id="c")))[0]


def test_an_unknown_event_is_refused() -> None:
    body = canonical({**commit().plain(), "events": [{"type": "Lifted"}]})
    with pytest.raises(msgspec.ValidationError):
        CODEC.read(body)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(ValueError):
        CODEC.write(commit(Weighed(case_id="c", weight=value)))
    with pytest.raises(ValueError):
        CODEC.write(commit(Weighed(case_id="c", notes={"x": value})))
    with pytest.raises(ValueError):
        CODEC.write(commit(Dropped(case_id="c"))._replace(answer={"x": value}))


def test_the_name_of_an_event_is_that_of_its_class() -> None:
    assert type_of(Dropped(case_id="c")) == type_of({"type": "Dropped"}) == "Dropped"


def test_an_answer_of_a_command_without_a_view_is_plain() -> None:
    assert answer_of(object(), {"total": 3}) == {"total": 3}
