"""What time does to a review. Every command of it is harmless when it comes too late or twice."""

from hitl.machine.machine import Outcome
from hitl.review import events
from hitl.review.answering import make_final
from hitl.review.commands import ExpireLease, MakeFinal, MarkOverdue, TimeCommand, WarnDueSoon
from hitl.review.find import find
from hitl.review.state import Review, ReviewState, Status

NOTHING = Outcome([])
OPEN = (Status.WAITING, Status.LEASED)


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
    return Outcome([events.lease_expired(review, command.lease, review.lease.reviewer)])


def _warn(review: Review) -> Outcome:
    if review.status not in OPEN or review.is_due_soon or review.is_overdue:
        return NOTHING
    return Outcome([events.due_soon(review)])


def _mark_overdue(review: Review) -> Outcome:
    if review.status not in OPEN or review.is_overdue:
        return NOTHING
    return Outcome([events.overdue(review, f"no answer within {review.due_at - review.opened_at:g} s")])
