"""Records: nested JSON by the task's schema, from the request to the row, the mask and the table."""

from pathlib import Path
from typing import Any

import pytest

from hitl.errors import InvalidConfig, InvalidInput
from hitl.tasks import TaskSpec, load_task, vector_from
from hitl.tasks.inputs import RecordInput

SPEC = load_task(Path("examples/tasks/record_claims.yaml").read_text(encoding="utf-8"), "a file")
CLAIM = {"customer": {"name": "Ada", "since": 2019}, "items": [{"what": "lamp", "amount": 40.5, "note": "broken"}]}


def record_input(**more: Any) -> RecordInput:
    return RecordInput.model_validate({"kind": "record", "json_schema": {"type": "object"}, **more})


def test_a_record_is_read_as_canonical_text_and_comes_back() -> None:
    row = vector_from(SPEC, CLAIM)
    assert row == '{"customer":{"name":"Ada","since":2019},"items":[{"amount":40.5,"note":"broken","what":"lamp"}]}'
    assert SPEC.input.features_of(row) == CLAIM


@pytest.mark.parametrize(
    ("features", "place"),
    [
        (None, "/features"),
        ({"items": CLAIM["items"]}, "/features"),
        ({**CLAIM, "more": 1}, "/features"),
        ({**CLAIM, "items": []}, "/features/items"),
        ({**CLAIM, "items": [{"what": "lamp", "amount": -1}]}, "/features/items/0/amount"),
        ({**CLAIM, "customer": {"name": 7, "since": 2019}}, "/features/customer/name"),
        ({**CLAIM, "customer": {"name": "Ada", "since": True}}, "/features/customer/since"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_place(features: Any, place: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        vector_from(SPEC, features)
    assert refused.value.place == place
    assert "Ada" not in str(refused.value)


def test_a_record_has_bounds_of_its_own() -> None:
    with pytest.raises(InvalidInput, match="at most 10 characters"):
        record_input(max_chars=10).parse_vector({"a": "b" * 10})
    with pytest.raises(InvalidInput, match="at most 3 values"):
        record_input(max_values=3).parse_vector({"a": [1, 2]})


def test_what_is_sensitive_is_masked_where_it_stands() -> None:
    masked = SPEC.input.masked(CLAIM, "***")
    assert masked == {"customer": {"name": "***", "since": 2019}, "items": [{"what": "lamp", "amount": 40.5, "note": "***"}]}
    assert CLAIM["customer"] == {"name": "Ada", "since": 2019}
    assert (SPEC.is_sealed, record_input().masks) == (True, False)
    assert record_input(sensitive=True).masked(CLAIM, "***") == "***"


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "nonsense"},
        {"pattern": "(a+)+$"},
        {"properties": {"a": {"items": {"patternProperties": {"a": {}}}}}},
        {"$ref": "http://169.254.169.254/schema.json"},
        {"properties": {"a": {"$ref": "file:///etc/passwd"}}},
    ],
)
def test_a_schema_that_could_hold_or_call_somebody_is_refused(schema: dict[str, Any]) -> None:
    spec = SPEC.model_dump(mode="json")
    spec["input"]["json_schema"] = schema
    with pytest.raises(ValueError, match="json_schema"):
        TaskSpec.model_validate(spec)


def test_a_property_may_have_the_name_of_a_keyword() -> None:
    schema = {"properties": {"pattern": {"type": "string"}}, "$defs": {"a": {"type": "string"}}, "enum": [{"pattern": "x"}]}
    assert record_input(json_schema=schema).parse_vector({"pattern": "x"}) == '{"pattern":"x"}'


def test_references_inside_the_schema_are_followed() -> None:
    schema = {"$defs": {"age": {"type": "integer", "maximum": 9}}, "properties": {"age": {"$ref": "#/$defs/age"}}}
    with pytest.raises(InvalidInput):
        record_input(json_schema=schema).parse_vector({"age": 10})


def test_a_table_holds_records_as_text() -> None:
    assert SPEC.input.features_in({"record": '{"a": [1]}'}) == {"a": [1]}
    assert SPEC.input.features_in({"record": "no json"}) == "no json"
    assert (SPEC.input.columns, SPEC.width, SPEC.input.most_values) == (["record"], 0, 1000)


def test_a_wrong_path_of_what_is_sensitive_is_refused() -> None:
    text = Path("examples/tasks/record_claims.yaml").read_text(encoding="utf-8").replace("/customer/name, ", "name, ")
    with pytest.raises(InvalidConfig, match="sensitive"):
        load_task(text, "a file")
