"""The kinds of answers: what each takes, what it refuses, what is the same, and the labels that it fixes."""

from typing import Any

import pytest
from pydantic import ValidationError

from hitl.answers.contents import check_contents, content_at
from hitl.answers.fields import FieldsAnswer
from hitl.answers.one_label import PairAnswer, ScaleAnswer, VerdictAnswer
from hitl.answers.one_value import LabelsAnswer, NumberAnswer
from hitl.answers.rule_values import rule_values
from hitl.errors import InvalidInput

TOPICS = LabelsAnswer.model_validate({"kind": "labels", "labels": ["billing", "delivery", "account"], "most": 2}).values
HOURS = NumberAnswer.model_validate(
    {"kind": "number", "min": 0.0, "max": 200.0, "step": 0.25, "tolerance": 0.5, "relative_tolerance": 0.1}
).values


def topics(*named: str) -> dict[str, Any]:
    return TOPICS.check({"labels": list(named)})


def hours(number: object) -> dict[str, Any]:
    return HOURS.check({"number": number})


def test_a_set_is_the_same_in_any_order() -> None:
    assert topics("account", "billing") == {"labels": ["billing", "account"]}
    assert TOPICS.same(topics("account", "billing"), topics("billing", "account"))
    assert not TOPICS.same(topics("billing"), topics("billing", "account"))
    assert TOPICS.check({"labels": []}) == {"labels": []}


@pytest.mark.parametrize(
    "wrong", [["rain"], ["billing", "billing"], ["billing", "delivery", "account"], "billing", None, [7], [["billing"]]]
)
def test_what_is_no_set_of_the_labels_is_refused(wrong: object) -> None:
    with pytest.raises(InvalidInput) as refused:
        TOPICS.check({"labels": wrong})
    assert refused.value.place == "/value/labels"


@pytest.mark.parametrize(
    ("declared", "given", "same"),
    [
        (10, 10.5, True),
        (10, 10.75, True),
        (9, 10.25, False),
        (100, 110, True),
        (100, 112, False),
        (0.5, 0, True),
        (0.75, 0, False),
    ],
)
def test_a_number_is_right_within_the_tolerance_of_the_persons(declared: float, given: float, same: bool) -> None:
    """Half an hour, or a tenth of what the person says."""
    assert HOURS.same(hours(declared), hours(given)) is same


def test_numbers_are_compared_on_the_grid_of_their_step() -> None:
    assert hours(0.1 + 0.2) == hours(0.25)
    assert HOURS.canon(hours(3)) == HOURS.canon(hours(3.1))
    tenths = FieldsAnswer.model_validate({"fields": [{"name": "number", "type": "number", "step": 0.1}]})
    assert tenths.canon(tenths.check({"number": 0.1 + 0.2})) == tenths.canon(tenths.check({"number": 0.3}))


@pytest.mark.parametrize("wrong", [-0.2, 200.2, None, "12", True, float("inf"), 10**400])
def test_what_is_no_such_number_is_refused(wrong: object) -> None:
    with pytest.raises(InvalidInput) as refused:
        hours(wrong)
    assert refused.value.place == "/value/number"


def test_a_long_text_keeps_its_lines() -> None:
    answer = VerdictAnswer.model_validate({"kind": "verdict", "content": "/answer", "reasons": ["tone"], "correction": 100})
    beside = answer.beside("reject")
    assert beside is not None
    said = beside.check(beside.filled({"correction": " Dear Ann,\n\n  thank you. \n"}))
    assert said == {"reasons": None, "correction": "Dear Ann,\n\n  thank you."}
    assert answer.beside("approve") is None
    with pytest.raises(InvalidInput, match="/value/reasons"):
        beside.check(beside.filled({"reasons": ["mood"]}))


def test_the_kinds_fix_their_labels() -> None:
    assert ScaleAnswer.model_validate({"kind": "scale", "points": 3}).own_labels == ["1", "2", "3"]
    assert PairAnswer(kind="pair", first="/one", second="/two").own_labels == ["first", "second", "tie"]
    assert PairAnswer(kind="pair", first="/one", second="/two", tie=False).own_labels == ["first", "second"]
    assert VerdictAnswer(kind="verdict", content="/answer").own_labels == ["approve", "reject"]


@pytest.mark.parametrize(
    ("kind", "terms", "why"),
    [
        (LabelsAnswer, {"kind": "labels", "labels": ["a", "a"]}, "each of them once"),
        (LabelsAnswer, {"kind": "labels", "labels": ["a", "b"], "least": 2, "most": 1}, "most"),
        (NumberAnswer, {"kind": "number", "min": 2.0, "max": 1.0}, "less than max"),
        (NumberAnswer, {"kind": "number", "step": 0.0}, "greater than 0"),
        (ScaleAnswer, {"kind": "scale", "points": 12}, "less than or equal to 11"),
        (PairAnswer, {"kind": "pair", "first": "/one", "second": "/one"}, "another path"),
        (PairAnswer, {"kind": "pair", "first": "one", "second": "/two"}, "pattern"),
        (VerdictAnswer, {"kind": "verdict", "content": "/a", "reasons": ["x", "x"]}, "each of them once"),
        (FieldsAnswer, {"fields": [{"name": "a", "type": "text", "tolerance": 1.0}]}, "of a field of type number alone"),
        (
            FieldsAnswer,
            {"fields": [{"name": "a", "type": "money", "step": 0.5}]},
            "of a field of type number alone",
        ),
        (FieldsAnswer, {"fields": [{"name": "a", "type": "choices"}]}, "values"),
    ],
)
def test_terms_that_make_no_sense_are_refused_in_words(kind: Any, terms: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        kind.model_validate(terms)


CHAT = {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/messages/0/content", "Hi"),
        ("/messages/-1/content", "Hello"),
        ("/messages/2/content", None),
        ("/messages/-3/content", None),
        ("/messages/x/content", None),
        ("/messages", None),
        ("/other", None),
    ],
)
def test_a_path_finds_a_text_or_nothing(path: str, text: str | None) -> None:
    assert content_at(CHAT, path) == text


def test_a_case_without_the_text_that_people_judge_is_refused_by_its_place() -> None:
    check_contents(CHAT, ["/messages/-1/content"])
    with pytest.raises(InvalidInput) as refused:
        check_contents({"one": "a", "two": ""}, ["/one", "/two"])
    assert refused.value.place == "/features/two"


def test_rules_see_amounts_as_numbers_and_in_hundredths_and_nothing_of_what_is_null() -> None:
    terms = [{"name": name, "type": "money"} for name in ("net", "vat", "tip")] + [{"name": "vendor", "type": "text"}]
    answer = FieldsAnswer.model_validate({"fields": terms})
    seen = rule_values(answer, answer.check({"net": "0.10", "vat": 0.2, "tip": None, "vendor": "Acme"}))
    assert (seen.answer, seen.cents) == ({"net": 0.1, "vat": 0.2, "vendor": "Acme"}, {"net": 10, "vat": 20})


def test_a_term_that_says_nothing_is_taken_on_any_field() -> None:
    """Files of the version before had ``max_chars`` on every type, and a written-out field has every key."""
    money = FieldsAnswer.model_validate({"fields": [{"name": "total", "type": "money", "max_chars": 100}]})
    assert FieldsAnswer.model_validate(money.model_dump()) == money


def test_some_point_of_a_scale_is_always_wrong() -> None:
    assert ScaleAnswer(kind="scale", points=5, within=3).right_within == 3
    with pytest.raises(ValidationError, match="every point of the scale would be right"):
        ScaleAnswer(kind="scale", points=5, within=4)


def test_the_parts_of_a_set_are_its_labels() -> None:
    assert TOPICS.parts == ["billing", "delivery", "account"]
    assert TOPICS.corrected(topics("billing"), topics("billing", "account")) == {"account": "yes"}
    assert TOPICS.corrected(topics("billing"), topics("delivery")) == {"billing": "no", "delivery": "yes"}
    assert TOPICS.corrected(topics("billing"), None) == {"billing": "no"}, "nothing of it: no to every label"
    assert TOPICS.corrected(None, topics("billing")) == {"billing": "yes", "delivery": "no", "account": "no"}


def test_the_parts_of_a_document_are_its_fields() -> None:
    terms = [{"name": "vendor", "type": "text"}, {"name": "hours", "type": "number", "tolerance": 1.0}]
    document = FieldsAnswer.model_validate({"fields": terms})
    declared, given = document.check({"vendor": "Acme", "hours": 3}), document.check({"vendor": "Acne", "hours": 3.5})
    assert document.corrected(declared, given) == {"vendor": "Acne"}
    assert document.corrected(declared, None) == {"vendor": None, "hours": None}
