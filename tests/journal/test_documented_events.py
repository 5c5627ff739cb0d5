"""The events of workflows, learning and access have the fields that docs/journal.md gives them, and no others."""

import re
from typing import get_args

import pytest
from msgspec.structs import fields

from hitl.access.events import AccessEvent
from hitl.learning.journalled.events import LearningEvent
from hitl.machine.events import Event
from hitl.workflow.events import WorkflowEvent
from tests.running import ROOT

IDS = {"channel", "interaction_id", "workflow_id"}
"""The fields of every event of workflows, by its kind; docs/journal.md tells them once."""

KINDS = [*get_args(WorkflowEvent), *get_args(LearningEvent), *get_args(AccessEvent)]


def documented() -> dict[str, set[str]]:
    """The further fields of each event by its row: what is in parentheses tells their values."""
    text = (ROOT / "docs" / "journal.md").read_text().partition("## Interactions and workflows")[2]
    rows = re.findall(r"^\| `(\w+)` \| (.*?)\|", text, re.MULTILINE)
    return {name: set(re.findall(r"`(\w+)`", re.sub(r"\([^()]*\)", "", row))) for name, row in rows}


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_has_the_fields_that_are_documented(kind: type[Event]) -> None:
    assert {each.encode_name for each in fields(kind)} - IDS == documented()[kind.__name__] - IDS
