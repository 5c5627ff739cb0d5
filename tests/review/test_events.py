"""Events of reviews have the fields that docs/journal.md gives them, and no others."""

import re
from typing import Any, get_args

import pytest
from msgspec.structs import fields

from hitl.review.event_fields import AboutReview
from hitl.review.events import ReviewEvent
from hitl.review.opening_events import KnownAsked, ReviewOpened
from tests.running import ROOT

IDS, PLACE = {"case_id", "review_id", "task"}, {"queue", "priority", "escalation", "assigned"}
KINDS: tuple[type[AboutReview], ...] = get_args(ReviewEvent)


def documented() -> dict[str, set[str]]:
    """The further fields of each event by its row: what is in parentheses tells their values."""
    found: dict[str, set[str]] = {}
    for row in re.findall(r"^\| (`[A-Z].*?) \| (.*?) \|", (ROOT / "docs" / "journal.md").read_text(), re.MULTILINE):
        text = re.sub(r"\([^()]*\)", "", row[1])
        names = set(re.findall(r"`(\w+)`", text)) | (PLACE if "*place*" in text else set())
        found |= dict.fromkeys(re.findall(r"`(\w+)`", row[0]), names)
    return found


def written(kind: type[Any]) -> set[str]:
    return {each.encode_name for each in fields(kind)} - IDS


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not KnownAsked])
def test_an_event_has_the_fields_that_are_documented(kind: type[AboutReview]) -> None:
    assert written(kind) == documented()[kind.__name__]


def test_a_known_case_has_those_of_an_opened_one_and_its_truth() -> None:
    assert written(KnownAsked) == written(ReviewOpened) - {"automatic_parts"} | {"known"}


def test_nothing_is_changed_once_it_happened() -> None:
    assert all(kind.__struct_config__.frozen for kind in KINDS)
