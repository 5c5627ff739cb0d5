"""What time does to a review. Every command of it is harmless when it comes too late or twice."""

from hitl.machine.machine import Outcome
from hitl.review.answering import make_final
from hitl.review.commands import ExpireLease, MakeFinal, MarkOverdue, TimeCommand, WarnDueSoon
from hitl.review.event_sources import PlaceFields, go_back, go_to_experts, ids_of, stay
from hitl.review.find import find
from hitl.review.handling_events import LeaseExpired, ReviewDueSoon, ReviewOverdue
from hitl.review.state import Review, ReviewState, ReviewStatus

NOTHING = Outcome([])
OPEN = (ReviewStatus.WAITING, ReviewStatus.LEASED)


def ring(state: ReviewState, command: TimeCommand) -> Outcome:
    """Raises NotFound."""
    review = find(state, command.review_id)
    match command:
        case ExpireLease():
            return _expire(review, command)
        case WarnDueSoon():
            return _warn(review)
        case MarkOverdue():
            return _mark_overdue(review)
        case MakeFinal():
            return make_final(state, command)


def _expire(review: Review, command: ExpireLease) -> Outcome:
    if review.lease is None or review.lease.id != command.lease:
        return NOTHING
    return Outcome([LeaseExpired(**ids_of(review), **go_back(review), lease=command.lease, reviewer=review.lease.reviewer)])


def _warn(review: Review) -> Outcome:
    if review.status not in OPEN or review.is_due_soon or review.is_overdue:
        return NOTHING
    return Outcome([ReviewDueSoon(**ids_of(review), due_at=review.due_at)])


def _mark_overdue(review: Review) -> Outcome:
    if review.status not in OPEN or review.is_overdue:
        return NOTHING
    reason = f"no answer within {review.due_at - review.opened_at:g} s"
    return Outcome([ReviewOverdue(**ids_of(review), **_place_when_overdue(review, reason), reason=reason)])


def _place_when_overdue(review: Review, reason: str) -> PlaceFields:
    """Return where an overdue review goes: to the experts, or nowhere while it is leased.

    The escalation of a leased review is noted only: the review moves when its holder gives it back.
    """
    if review.lease is None:
        return go_to_experts(review, reason)
    place = stay(review)
    place["escalation"] = reason
    return place
