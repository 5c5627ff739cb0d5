"""The fast encoder writes the bytes of the canonical one, or refuses what that refuses."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl.canonical import canonical
from hitl.canonical_fast import (
    canonical_and_read,
    canonical_checked,
    canonical_fast,
    canonical_rendered,
    number,
    numbers,
    read_canonical,
)
from hitl.journal import Commit, Effect
from hitl.routing.action import Action
from tests.fakes.reviews import record

FLOATS = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.floats(-2e-4, 2e-4), st.sampled_from([1e-5, 1e16, -0.0]))
TEXTS = st.text('a"\\\n\x7fé€😀,0.1e-5]', max_size=8)
PLAIN = st.none() | st.booleans() | st.integers() | FLOATS | TEXTS
VALUES = PLAIN | st.lists(PLAIN, max_size=4) | st.dictionaries(TEXTS, PLAIN, max_size=3)


@settings(max_examples=50)
@given(st.dictionaries(TEXTS, VALUES, max_size=4))
def test_any_plain_value_has_the_same_bytes(value: dict[str, object]) -> None:
    assert canonical_fast(value) == canonical_checked(value) == canonical(value)


@settings(max_examples=50)
@given(st.dictionaries(TEXTS, VALUES | st.just(2**64), max_size=4))
def test_what_is_written_is_read_at_once(value: dict[str, object]) -> None:
    data, read = canonical_and_read(value)
    assert repr(read) == repr(json.loads(data))
    assert data == canonical(value)


def test_whole_numbers_among_small_ones_stay_whole() -> None:
    assert canonical_rendered({"b": numbers([0, 1e-7, 1])}) == b'{"b":[0,1e-07,1]}'


@settings(max_examples=50)
@given(st.lists(FLOATS), FLOATS)
def test_rendered_numbers_have_the_same_bytes(many: list[float], one: float) -> None:
    assert canonical_rendered({"b": numbers(many), "a": number(one)}) == canonical({"b": many, "a": one})


@settings(max_examples=50)
@given(VALUES)
def test_what_was_written_is_read_as_it_was(value: object) -> None:
    assert repr(read_canonical(canonical(value))) == repr(json.loads(canonical(value)))


@pytest.mark.parametrize("text", ["NaN", "1e999", "[" * 500 + "]" * 500, '"\\ud800"'])
def test_what_the_fast_decoder_refuses_is_read_by_the_slow_one(text: str) -> None:
    assert repr(read_canonical(text.encode())) == repr(json.loads(text))
    with pytest.raises(ValueError):
        read_canonical(f"{text}]".encode())


@settings(max_examples=50)
@given(st.dictionaries(TEXTS, VALUES, max_size=4), st.dictionaries(TEXTS, VALUES, max_size=3))
def test_an_effect_is_its_commit_with_the_answer_put_off(event: dict[str, object], answer: dict[str, object]) -> None:
    commit = Commit(0.5, 1, "ann", "r", "Decide", "k", "f", answer, [event])
    effect = Effect.decode(commit.encode())
    assert repr(effect.events) == repr(Commit.decode(commit.encode()).events)
    assert effect.commit().encode() == commit.encode()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(ValueError):
        number(value)
    with pytest.raises(ValueError):
        numbers([0.5, value])
    for nested in ({"a": [None, {"b": (1, value)}]}, [value], value):
        with pytest.raises(ValueError):
            canonical_checked(nested)


@settings(max_examples=50)
@given(st.lists(st.floats(0, 1), min_size=1), st.floats(0, 1), TEXTS)
def test_a_record_is_stored_in_the_documented_form(probabilities: list[float], said: float, reason: str) -> None:
    scores = {"probabilities": probabilities, "confidence": said, "uncertainty": said}
    stored = record("c-1", **scores, reason=reason, action=Action.EXPERT)
    fields = {name: getattr(stored, name) for name in type(stored).__slots__}
    later = (
        "vaulted_until",
        "declared",
        "harm",
        "traceparent",
        "tracestate",
        "automatic_parts",
    )  # written where there is something to say
    newer = {name for name in later if fields[name] is None}
    assert stored.encode() == canonical({name: value for name, value in fields.items() if name not in newer})
