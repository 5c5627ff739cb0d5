"""What a change says about long lists and long values: exactly what differs, and never two equal texts."""

from typing import Any

import pytest

from hitl.tasks.differences import MOST_SHOWN, find_differences

LONG = [f"value {number}" for number in range(100)]
FIELDS = [{"name": f"field_{number}", "min": 0.0, "max": 1.0, "sensitive": False} for number in range(40)]
SSN = {"name": "ssn", "min": 0.0, "max": 1.0, "sensitive": True}


def told(was: Any, becomes: Any) -> list[str]:
    return [each.words for each in find_differences({"input": was}, {"input": becomes})]


def without(item: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name != key}


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [
        ([*FIELDS, SSN], [*FIELDS, without(SSN, "sensitive")], ["input.ssn.sensitive changes from true to nothing."]),
        ([*FIELDS, SSN], [*FIELDS, {**SSN, "sensitive": False}], ["input.ssn.sensitive changes from true to false."]),
        ([SSN, *FIELDS], FIELDS, ['input.ssn is removed: {"max": 1.0, "min": 0.0, "name": "ssn", "sensitive": true}.']),
        (FIELDS, [*FIELDS, {"name": "a.b"}], ['input."a.b" is added: {"name": "a.b"}.']),
        ([{"to": 1}, {"to": 2}], [{"to": 1}, {"to": 3}], ["input.#2.to changes from 2 to 3."]),
        ([{"to": 1}], [{"to": 1}, {"to": 4}], ['input.#2 is added: {"to": 4}.']),
        (LONG, [*LONG[1:], "new"], ['input."value 0" is removed: "value 0".', 'input.new is added: "new".']),
        (["a", "b"], ["b", "c"], ['input changes from ["a", "b"] to ["b", "c"].']),
        ({"const": None}, {}, ["input.const changes from null to nothing."]),
        ({"const": True}, {"const": 1}, ["input.const changes from true to 1."]),
        ({"a": {"b": 1}}, {"a.b": 1}, ['input.a changes from {"b": 1} to nothing.', 'input."a.b" changes from nothing to 1.']),
        ("x", "x\u200b", ['input changes from "x" to "x\\u200b".']),
        (LONG, [*LONG], []),
    ],
)
def test_what_differs_is_told_by_its_place(was: Any, becomes: Any, words: list[str]) -> None:
    assert told(was, becomes) == words


def test_another_order_of_a_long_list_is_told() -> None:
    (words,) = told(FIELDS, [FIELDS[1], FIELDS[0], *FIELDS[2:]])
    assert words.startswith('The order of input changes from ["field_0", "field_1", ')
    assert ' to ["field_1", "field_0", ' in words


def test_of_a_long_text_what_differs_is_shown_whole() -> None:
    same, other = "a" * MOST_SHOWN, "b" * (2 * MOST_SHOWN)
    (words,) = told(f"{same}.{same}", f"{same}.{other}{same}")
    before, behind = f"…{'a' * 19}.", f"{'a' * 20}…"
    assert words == f"input changes from {before}{behind} to {before}{other}{behind}."


def test_a_list_counts_as_one_key() -> None:
    (found,) = find_differences({"input": {"fields": [*FIELDS, SSN]}}, {"input": {"fields": FIELDS}})
    assert found.key == ("input", "fields")
