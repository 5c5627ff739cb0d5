"""Forms from JSON Schemas: what a typed question of a program becomes for a person."""

from typing import Any

import pytest

from hitl.errors import InvalidInput
from hitl.workflow.json_schema import form_of
from hitl.workflow.patterns import plan
from hitl.workflow.ui_schema import check_answer

TRIP = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "title": "City"},
        "nights": {"type": "integer", "minimum": 1, "maximum": 9},
        "class": {"enum": ["first", "second"]},
        "insured": {"type": "boolean"},
        "guests": {"type": "array", "items": {"type": "string"}},
        "mood": {"$ref": "#/$defs/Mood"},
    },
    "required": ["city", "nights", "insured"],
    "$defs": {"Mood": {"enum": ["calm", "wild"], "type": "string"}},
}
FULL = {"city": "Rome", "nights": 2, "class": "first", "insured": False, "guests": ["ann"], "mood": "calm"}


def test_each_property_is_a_field_of_its_kind() -> None:
    kinds = {field["name"]: field["type"] for field in form_of(TRIP)["fields"]}
    assert kinds == {
        "city": "textarea",
        "nights": "number",
        "class": "select",
        "insured": "checkbox",
        "guests": "json",
        "mood": "select",
    }


def test_what_the_schema_takes_the_form_takes() -> None:
    assert check_answer(form_of(TRIP), FULL) == FULL


@pytest.mark.parametrize("change", [{"nights": 0}, {"nights": 1.5}, {"class": "third"}, {"city": None}, {"mood": "sad"}])
def test_what_the_schema_refuses_the_form_refuses(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        check_answer(form_of(TRIP), FULL | change)


@pytest.mark.parametrize(
    ("schema", "kind"),
    [({"type": "string"}, "textarea"), ({"enum": [1, 2]}, "select"), ({}, "json"), ({"type": ["string", "null"]}, "json")],
)
def test_a_schema_that_is_no_object_is_one_field(schema: dict[str, Any], kind: str) -> None:
    assert [(field["name"], field["type"]) for field in form_of(schema)["fields"]] == [("value", kind)]


@pytest.mark.parametrize("config", [{"json_schema": 3}, {"json_schema": {}, "ui_schema": {}}])
def test_a_schema_that_is_none_or_stands_beside_a_form_is_refused(config: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="json_schema"):
        plan("pause_for_input", config, {})
