"""Convert a change to a person's message ``{"type", "data", "cursor"}``, or to nothing if it does not concern them."""

from collections.abc import Collection
from typing import Any

import msgspec

from hitl.identity import Principal
from hitl.workflow.parts import Assignment
from hitl.workflow.show import wire
from hitl.workflow.visibility import may_answer, may_see

KINDS = {
    "InteractionOpened": "new_interaction",
    "AnswerGiven": "interaction_updated",
    "InteractionRefined": "interaction_updated",
    "InteractionClosed": "interaction_closed",
}

Message = dict[str, Any]


def message_of(change: dict[str, Any], person: Principal, followed: Collection[str]) -> Message | None:
    """``followed`` are the ids that the person asked to hear of beside their own."""
    shown = change["interaction"]
    if not _concerns(shown, person, followed):
        return None
    kind = KINDS[change["kind"]]
    if kind == "new_interaction" and shown["status"] != "pending":
        return None
    data = {**wire(shown), "tally": shown["tally"], "closed_by": shown["closed_by"], "human_input": shown["human_input"]}
    return {"type": kind, "data": data, "cursor": change["number"]}


def pending_message(found: dict[str, Any]) -> Message:
    """Everything that waits for the person, from the answer to PendingOf."""
    return {"type": "pending_interactions", "data": [wire(each) for each in found["interactions"]], "cursor": found["cursor"]}


def _concerns(shown: dict[str, Any], person: Principal, followed: Collection[str]) -> bool:
    who = (person, msgspec.convert(shown["assignments"], list[Assignment]), shown["task"])
    if shown["interaction_id"] in followed:
        return may_see(*who, shown["created_by"])
    return may_answer(*who) or shown["created_by"] == person.id
