"""What a task file may say of its labels, and how a change of it is told."""

from pathlib import Path
from typing import Any

import pytest

from hitl.errors import InvalidConfig
from hitl.tasks import TaskSpec, load_tasks
from hitl.tasks.definition import body_of, spec_of
from hitl.tasks.definition_changes import describe_changes, fixed_key, is_fitting
from hitl.tasks.guideline_terms import MAX_CHARS


def task(guidelines: dict[str, Any], file: str = "configs/tasks/sms_spam.yaml") -> TaskSpec:
    (spec,) = load_tasks([Path(file)]).values()
    return spec_of({**body_of(spec), "guidelines": guidelines})


def test_a_guideline_may_be_changed_in_place_and_is_told_in_words() -> None:
    before, after = task({}), task({"spam": {"text": "It sells something."}})
    (words,) = describe_changes(before, after)
    assert words == 'guidelines.spam changes from nothing to {"cases": [], "examples": [], "text": "It sells something."}.'
    assert fixed_key([before], after) is None
    assert is_fitting(before, after)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("configs/tasks/sms_spam.yaml", "none_of_these"),
        ("examples/tasks/declared_invoices.yaml", "vendor"),
        ("examples/tasks/declared_topics.yaml", "billing"),
        ("examples/tasks/chat_verdicts.yaml", "reject"),
    ],
)
def test_every_kind_of_answer_takes_guidelines_for_what_people_can_say(file: str, name: str) -> None:
    assert task({name: {"text": "When it is so."}}, file).guidelines[name].text == "When it is so."


@pytest.mark.parametrize(
    ("guidelines", "place"),
    [
        ({"sapm": {"text": "a label that is none"}}, "sapm"),
        ({"spam": {"text": " "}}, "text"),
        ({"spam": {"text": "x" * 2001}}, "text"),
        ({"spam": {}}, "text"),
        ({"spam": {"text": "a", "examples": ["a"] * 6}}, "examples"),
        ({"spam": {"text": "a", "examples": ["x" * 501]}}, "examples"),
        ({"spam": {"text": "a", "cases": ["../../etc"]}}, "cases"),
        ({"spam": {"text": "a", "html": "<b>"}}, "html"),
    ],
)
def test_a_wrong_guideline_names_its_place(guidelines: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidConfig, match=place):
        task(guidelines)


def test_all_guidelines_together_stay_short_enough_to_come_with_a_case() -> None:
    digits = Path("configs/tasks/digits.yaml")
    long = {str(at): {"text": "x" * (MAX_CHARS // 10)} for at in range(10)}
    assert len(task(long, str(digits)).guidelines) == 10
    with pytest.raises(InvalidConfig, match="together"):
        task({**long, "none_of_these": {"text": "x"}}, str(digits))
