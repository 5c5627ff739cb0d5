"""Steps that nobody could answer, or that a misspelt key would decide, are refused when they are opened."""

from typing import Any

import pytest

from hitl.errors import InvalidInput
from hitl.workflow import forms
from hitl.workflow.durations import duration_in_words
from hitl.workflow.json_text import MAX_DEPTH, value_of
from hitl.workflow.patterns import KEYS, PLANS, plan
from hitl.workflow.ui_schema import MAX_TEXT, check_answer, check_schema

NUMBER, RADIO = {"name": "f", "type": "number"}, {"name": "f", "type": "radio"}


@pytest.mark.parametrize(
    ("field", "place"),
    [
        (NUMBER | {"min": 5, "max": 1, "required": True}, "min"),
        (NUMBER | {"min": 0, "max": 1, "default": 7}, "default"),
        (NUMBER | {"default": "7"}, "default"),
        (NUMBER | {"default": True}, "default"),
        (RADIO | {"options": ["a"], "default": "z"}, "default"),
        (RADIO | {"options": [{"label": "A"}], "required": True}, "options"),
        (RADIO | {"options": ["a", {"value": None}]}, "options"),
        (RADIO | {"type": "multiselect", "options": ["a"], "default": "a"}, "default"),
        (RADIO | {"type": "multiselect", "options": ["a"], "default": ["a", "z"]}, "default"),
        ({"name": "f", "type": "checkbox", "default": "yes"}, "default"),
        ({"name": "f", "type": "text", "default": 1}, "default"),
        ({"name": "f", "type": "textarea", "default": "x" * (MAX_TEXT + 1)}, "default"),
    ],
)
def test_a_form_that_its_own_rules_refuse_is_refused_when_it_is_opened(field: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_schema({"fields": [field]})
    assert refused.value.place == f"/config/ui_schema/fields/0/{place}"


@pytest.mark.parametrize(
    "field",
    [
        NUMBER | {"min": 1, "max": 1, "default": 1},
        NUMBER | {"default": None},
        RADIO | {"options": [{"value": 0, "label": "none"}, {"value": False}], "default": False},
        RADIO | {"type": "multiselect", "options": ["a", "b"], "default": []},
        {"name": "f", "type": "checkbox", "default": False, "required": True},
        {"name": "f", "type": "text", "default": "", "required": True},
        {"name": "f", "type": "json", "default": {"a": [1]}},
    ],
)
def test_a_form_that_can_be_answered_is_taken(field: dict[str, Any]) -> None:
    check_schema({"fields": [field]})


@pytest.mark.parametrize("pattern", PLANS)
def test_a_key_that_a_pattern_does_not_know_is_refused_by_name(pattern: str) -> None:
    people = {"stakeholders": ["ann"], "approvers": ["ann"]}
    config = {key: value for key, value in people.items() if key in KEYS[pattern]}
    plan(pattern, config, {})
    for wrong in ("timeuot", "Timeout", "priority"):
        with pytest.raises(InvalidInput) as refused:
            plan(pattern, {**config, wrong: 1}, {})
        assert refused.value.place == f"/config/{wrong}"


def test_the_deadline_of_a_timed_step_is_never_a_default_by_mistake() -> None:
    with pytest.raises(InvalidInput, match="decision_timeout"):
        plan("time_based_decision", {"timeout": 86_400}, {})
    assert plan("time_based_decision", {"decision_timeout": 86_400}, {}).timeout_s == 86_400


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.5, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (3_599, "59 minutes 59 seconds"),
        (86_400, "1 day"),
        (90_061, "1 day 1 hour"),
    ],
)
def test_a_deadline_is_told_in_words(seconds: float, words: str) -> None:
    assert duration_in_words(seconds) == words
    assert forms.urgent(["a"], seconds)["fields"][1]["label"].endswith(f"expires in {words}")


def test_a_refinement_of_a_text_that_no_answer_holds_starts_empty() -> None:
    field = forms.refinement(1, "x" * MAX_TEXT)["fields"][0]
    check_schema({"fields": [field]})
    assert check_answer({"fields": [field]}, {"refined_result": "short"}) == {"refined_result": "short"}


TEXTS = [
    *("[" * 300 + "]" * 300, "[" * 100_000, "1e400", "[-1e999]", '{"score": 1e999}', "NaN", '["\\u0000"]', '["\\ud800"]'),
    *('{"a": 1, "a": 2}', str(2**63), "9" * 5000, "[" + "0," * 10_000 + "0]", '{"\\u0000": 1}', "plain text", ""),
]


@pytest.mark.parametrize("text", TEXTS)
def test_what_no_later_answer_could_hold_stays_the_text_that_it_is(text: str) -> None:
    assert value_of(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, 2.5, null, true, "x"]}', {"a": [1, 2.5, None, True, "x"]}),
        ('"text"', "text"),
        ("[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1), None),
        ("1e308", 1e308),
    ],
)
def test_json_that_can_be_kept_becomes_its_value(text: str, value: Any) -> None:
    assert value_of(text) == value if value is not None else value_of(text) != text
