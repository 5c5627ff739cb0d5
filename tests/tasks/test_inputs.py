"""From a request's features to the row that the model sees."""

from pathlib import Path
from typing import Any

import pytest

from hitl.errors import InvalidInput
from hitl.tasks import TaskSpec, load_task, vector_from


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
