"""How an event changes the reviews: mechanical, so that live operation, recovery and another program's replay agree."""

from typing import Any

import msgspec

from hitl.review.answer_events import (
    DecisionFinal,
    DecisionSuperseded,
    DecisionUndone,
    KnownAnswered,
    ReviewAnswered,
    ReviewDecided,
)
from hitl.review.archiving import bring_back, forget, forget_deleted, note_settled
from hitl.review.event_fields import AboutReview, GivenBack
from hitl.review.events import ChangeEvent, OpeningEvent, ReviewEvent
from hitl.review.evolve_answers import record_answer, record_decision, record_known_answer, undo_decision
from hitl.review.evolve_opening import add_review, first_step
from hitl.review.finalizing import count, make_final, supersede
from hitl.review.handling_events import (
    DraftSaved,
    LeaseExpired,
    ReviewAssigned,
    ReviewDueSoon,
    ReviewEscalated,
    ReviewFailed,
    ReviewLeased,
    ReviewOverdue,
    ReviewQuarantined,
    ReviewReleased,
    ReviewRequeued,
    ReviewSkipped,
    ReviewWithdrawn,
)
from hitl.review.leasing import give_back, grant, note_claim, send
from hitl.review.moves import MOVES
from hitl.review.news import NOWHERE, ReviewPosition, note, standing
from hitl.review.opening_events import KnownAsked, ReviewOpened, ReviewsOrdered
from hitl.review.ordering import reorder
from hitl.review.pacing import note_arrival
from hitl.review.reopened import note_reopened
from hitl.review.row_lists import forget_rows
from hitl.review.state import Review, ReviewState
from hitl.review.storage_events import CasesArchived, CasesDeleted, ReviewArchived, ReviewRecalled, ReviewRowsArchived
from hitl.review.withdrawing import take_away

_COUNTED: dict[type[AboutReview], str] = {
    ReviewOpened: "opened",
    ReviewLeased: "leased",
    LeaseExpired: "expired",
    ReviewReleased: "released",
    ReviewEscalated: "escalated",
    ReviewOverdue: "overdue",
    ReviewAnswered: "answered",
    DecisionUndone: "undone",
    DecisionFinal: "decided",
    DecisionSuperseded: "superseded",
    ReviewSkipped: "skipped",
    ReviewFailed: "failed",
    ReviewQuarantined: "quarantined",
}


def evolve(state: ReviewState, event: ReviewEvent, at: float) -> None:
    """Apply ``event``, which happened at ``at`` (UTC seconds), in place."""
    match event:
        case ReviewArchived():
            forget(state, event)
        case ReviewRecalled():
            bring_back(state, event, at)
        case ReviewRowsArchived():
            forget_rows(state, event)
        case CasesDeleted():
            forget_deleted(state, event)
        case CasesArchived():
            pass  # no review changes: it says where the record of the cases is
        case ReviewsOrdered():
            reorder(state, event)
        case ReviewOpened() | KnownAsked():
            _open(state, event, at)
        case _:
            _change(state, event, at)


def _open(state: ReviewState, event: OpeningEvent, at: float) -> None:
    review = add_review(state, event)
    review.history.append(first_step(event, at))
    _update_indexes(state, review, NOWHERE, event, at)


def _change(state: ReviewState, event: ChangeEvent, at: float) -> None:
    review = state.reviews[event.review_id]
    before, queue = standing(review), review.queue
    review.status = MOVES[review.status, type(event)]
    _apply(state, review, event, at)
    if review.queue != queue:
        note_arrival(state, review, at)
    if not isinstance(event, DraftSaved):
        review.history.append(_step(event, at))
    _update_indexes(state, review, before, event, at)


def _update_indexes(
    state: ReviewState, review: Review, before: ReviewPosition, event: OpeningEvent | ChangeEvent, at: float
) -> None:
    """Bring what is kept beside the reviews up to date with ``review``, to which ``event`` happened."""
    note_settled(state, review, at)
    note_reopened(state, review)
    state.queues.move(review.review_id, review.position, review.place, review.turn)
    note(state, review, before, event)
    counter = _COUNTED.get(type(event))
    if counter is not None:
        count(state, review.task, counter)


def _step(event: ChangeEvent, at: float) -> dict[str, Any]:
    """Return the event in the history of its review, as plain JSON."""
    step: dict[str, Any] = msgspec.to_builtins(event)
    del step["case_id"], step["review_id"], step["task"]
    step["at"] = at
    return step


def _apply(state: ReviewState, review: Review, event: ChangeEvent, at: float) -> None:
    match event:
        case ReviewLeased():
            grant(state, review, event, at)
            if event.claim:
                note_claim(state, review, event.claim)
        case ReviewDecided():
            record_decision(state, review, event, at)
        case DecisionFinal():
            make_final(state, review, event.label, event.is_outcome, at)
        case ReviewAnswered():
            record_answer(state, review, event, at)
        case KnownAnswered():
            record_known_answer(state, review, event, at)
        case DecisionUndone():
            undo_decision(state, review, event, at)
        case DecisionSuperseded():
            supersede(state, review, event, at)
        case ReviewOverdue():
            review.is_overdue = True
            send(review, event)
        case DraftSaved():
            review.drafts[event.reviewer] = {"draft": event.draft, "at": at}
        case ReviewDueSoon():
            review.is_due_soon = True
        case ReviewQuarantined():
            state.quarantined.setdefault(review.queue, {})[review.review_id] = None
        case ReviewWithdrawn():
            take_away(state, review)
        case ReviewRequeued():
            review.failures = 0
            del state.quarantined[review.queue][review.review_id]
        case _:
            _give_back(state, review, event)


def _give_back(state: ReviewState, review: Review, event: GivenBack | ReviewAssigned) -> None:
    if isinstance(event, ReviewSkipped):
        review.skipped.append(event.reviewer)
    elif isinstance(event, ReviewFailed):
        review.failures += 1
    give_back(state, review, event)
