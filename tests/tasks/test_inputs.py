"""From a request's features to the row that the model sees."""

from pathlib import Path
from typing import Any

import pytest

from hitl.errors import InvalidInput
from hitl.tasks import TaskSpec, load_task, vector_from

PATIENT = {
    **{"Group": "2", "Sex": "1", "Age": 56, "Patients number per hour": 12, "Arrival mode": "3", "Injury": "2", "Mental": "1"},
    **{"Pain": "1", "NRS_pain": 2, "SBP": 137, "DBP": 75, "HR": 60, "RR": 20, "BT": 36.5, "Saturation": None},
}


def task(name: str) -> TaskSpec:
    return load_task(Path(f"configs/tasks/{name}.yaml").read_text(encoding="utf-8"), name)


def refused_place(spec: TaskSpec, features: Any) -> str:
    with pytest.raises(InvalidInput) as refused:
        vector_from(spec, features)
    return refused.value.place


def test_an_array_becomes_a_row() -> None:
    assert vector_from(task("digits"), [1] * 64) == [1.0] * 64


@pytest.mark.parametrize(
    ("features", "place"),
    [
        ([0.0] * 63, "/features"),
        ("0" * 64, "/features"),
        (None, "/features"),
        ([0.0] * 63 + [17.0], "/features/63"),
        ([True] + [0.0] * 63, "/features/0"),
        ([0.0, "1"] + [0.0] * 62, "/features/1"),
        ([0.0] * 63 + [float("nan")], "/features/63"),
    ],
)
def test_wrong_array_is_refused_at_its_place(features: Any, place: str) -> None:
    assert refused_place(task("digits"), features) == place


def test_an_object_becomes_a_row_in_the_order_of_the_fields() -> None:
    spec = task("breast_cancer")
    assert spec.input.kind == "fields"
    given = {field.name: field.max for field in reversed(spec.input.fields)}
    assert vector_from(spec, given) == [field.max for field in spec.input.fields]


def test_missing_and_unknown_fields_are_refused() -> None:
    spec = task("breast_cancer")
    assert spec.input.kind == "fields"
    given = {field.name: field.min for field in spec.input.fields}
    first = spec.input.fields[0].name
    assert refused_place(spec, {**given, first: None}) == f"/features/{first}"
    assert refused_place(spec, {**given, "shoe_size": 44}) == "/features"


def test_a_category_becomes_one_number_a_value_and_a_missing_number_says_so() -> None:
    spec = task("ktas_triage")
    row = vector_from(spec, PATIENT | {"SBP": None})
    assert len(row) == spec.width
    assert row[:4] == [0.0, 1.0, 1.0, 0.0]
    assert row[row.index(130.0) + 1] == 1.0


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"Sex": "3"}, "/features/Sex"),
        ({"Sex": 1}, "/features/Sex"),
        ({"Sex": None}, "/features/Sex"),
        ({"Age": None}, "/features/Age"),
    ],
)
def test_an_unknown_category_and_a_number_that_may_not_miss_are_refused(wrong: dict[str, Any], place: str) -> None:
    assert refused_place(task("ktas_triage"), PATIENT | wrong) == place


def test_a_text_is_what_the_model_reads() -> None:
    assert vector_from(task("sms_spam"), {"text": "call me"}) == "call me"


@pytest.mark.parametrize(
    ("features", "place"),
    [
        ("call me", "/features"),
        ({}, "/features"),
        ({"text": "a", "more": 1}, "/features"),
        ({"text": ""}, "/features/text"),
        ({"text": 7}, "/features/text"),
        ({"text": "a" * 2001}, "/features/text"),
    ],
)
def test_a_wrong_text_is_refused_at_its_place(features: Any, place: str) -> None:
    assert refused_place(task("sms_spam"), features) == place
