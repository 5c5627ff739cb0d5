"""The guidelines of a task come with each case that a person holds."""

from typing import Any

from hitl.tasks import TaskSpec
from serve_app.api.services.at_hand import guidelines_of
from tests.review_app.conftest import World


def with_guidelines(spec: TaskSpec, **guidelines: dict[str, Any]) -> TaskSpec:
    return TaskSpec.model_validate({**spec.model_dump(exclude_unset=True), "guidelines": guidelines})


async def test_guidelines_stand_in_the_order_of_the_labels(world: World) -> None:
    seven = {"text": "One bar, no loop.", "examples": ["with a stroke"], "cases": ["a" * 26]}
    world.tasks["digits"] = with_guidelines(world.tasks["digits"], **{"none_of_these": {"text": "Not a digit."}, "7": seven})
    await world.case("a")
    review = await world.claim()
    assert review["form"]["guidelines"] == [
        {"name": "7", **seven},
        {"name": "none_of_these", "text": "Not a digit.", "examples": [], "cases": []},
    ]


def test_waiting_cases_get_the_newest_words_and_keep_those_of_labels_that_are_gone(world: World) -> None:
    spec = world.tasks["digits"]
    asked = with_guidelines(spec, **{"7": {"text": "old"}, "9": {"text": "of the case"}})
    renamed = spec.model_copy(update={"labels": [*spec.labels[:-1], "nine"]})
    now = with_guidelines(renamed, **{"7": {"text": "new"}, "nine": {"text": "unknown to the case"}})
    assert [(each.name, each.text) for each in guidelines_of(asked, now)] == [("7", "new"), ("9", "of the case")]
