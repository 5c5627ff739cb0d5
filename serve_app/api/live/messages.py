"""Convert a change to a person's message, or to nothing if it does not concern them."""

from collections.abc import Collection
from dataclasses import dataclass

from hitl.canonical import JsonObject
from hitl.identity import Principal
from hitl.workflow.interaction_events import (
    AnswerGiven,
    InteractionClosed,
    InteractionEscalated,
    InteractionOpened,
    InteractionRefined,
)
from hitl.workflow.state import InteractionStatus
from hitl.workflow.views import InteractionChange, InteractionView, PendingInteractions, VoteTally
from hitl.workflow.visibility import may_answer, may_see
from serve_app.api.views.interactions import InteractionResponse, wire, wire_fields

KINDS = {
    InteractionOpened.__name__: "new_interaction",
    AnswerGiven.__name__: "interaction_updated",
    InteractionRefined.__name__: "interaction_updated",
    InteractionEscalated.__name__: "interaction_updated",
    InteractionClosed.__name__: "interaction_closed",
}


@dataclass(frozen=True, slots=True)
class InteractionNews(InteractionResponse):
    """An interaction as it is after a change. ``tally`` is None where nobody votes."""

    tally: VoteTally | None
    closed_by: str | None
    human_input: JsonObject | None


@dataclass(frozen=True, slots=True)
class LiveMessage:
    """One message: ``type`` is one of KINDS' values, or ``pending_interactions``, whose ``data`` is a list. Who comes back with
    ``cursor`` misses nothing after it."""

    type: str
    data: InteractionNews | list[InteractionResponse]
    cursor: int


def message_of(change: InteractionChange, person: Principal, followed: Collection[str]) -> LiveMessage | None:
    """``followed`` are the ids that the person asked to hear of beside their own."""
    shown = change.interaction
    if not _concerns(shown, person, followed):
        return None
    kind = KINDS[change.kind]
    if kind == "new_interaction" and shown.status is not InteractionStatus.PENDING:
        return None
    news = InteractionNews(**wire_fields(shown), tally=shown.tally, closed_by=shown.closed_by, human_input=shown.human_input)
    return LiveMessage(kind, news, change.number)


def pending_message(found: PendingInteractions) -> LiveMessage:
    """Everything that waits for the person, from the answer to PendingOf."""
    return LiveMessage("pending_interactions", [wire(each) for each in found.interactions], found.cursor)


def _concerns(shown: InteractionView, person: Principal, followed: Collection[str]) -> bool:
    if shown.interaction_id in followed:
        return may_see(person, shown)
    return may_answer(person, shown) or shown.created_by == person.id
