"""What a command does to the reviews: events, or a refusal. Changes nothing; O(log n) in the open reviews."""

from hitl.machine.machine import Outcome
from hitl.review import answering, archiving, assigning, claiming, handling, opening, ordering, timing, withdrawing
from hitl.review.commands import (
    Amend,
    ArchiveCases,
    ArchiveRows,
    Assign,
    CancelCase,
    Claim,
    Command,
    Decide,
    ExpireLease,
    HeldCommand,
    MakeFinal,
    MarkOverdue,
    NoteCasesArchived,
    NoteCasesDeleted,
    OpenReview,
    OrderReviews,
    RecallCase,
    Reopen,
    Requeue,
    Undo,
    WarnDueSoon,
    WithdrawReviews,
)
from hitl.review.row_lists import archive_rows
from hitl.review.state import ReviewState
from hitl.review.terms import QueueTerms


def decide(state: ReviewState, command: Command, now: float, terms: QueueTerms) -> Outcome:
    """Raises the HitlError that refuses the command."""
    match command:
        case OpenReview():
            return opening.open_review(state, command, now, terms)
        case Reopen():
            return opening.reopen(state, command, now, terms)
        case Claim():
            return claiming.claim(state, command, now, terms)
        case Decide():
            return answering.decide(state, command, now, terms)
        case Undo():
            return answering.undo(state, command, now, terms)
        case Amend():
            return answering.amend(state, command, terms)
        case Assign():
            return assigning.assign(state, command)
        case Requeue():
            return assigning.requeue(state, command)
        case OrderReviews():
            return ordering.order_reviews(state, command, terms)
        case WithdrawReviews():
            return withdrawing.withdraw(state, command)
        case CancelCase():
            return withdrawing.cancel(state, command)
        case ExpireLease() | WarnDueSoon() | MarkOverdue() | MakeFinal():
            return timing.ring(state, command)
        case ArchiveCases():
            return archiving.archive(state, command)
        case ArchiveRows():
            return archive_rows(state, command)
        case RecallCase():
            return archiving.recall(state, command)
        case NoteCasesArchived():
            return archiving.note_archived(command)
        case NoteCasesDeleted():
            return archiving.note_deleted(state, command)
        case _:
            return _held(state, command, terms)


def _held(state: ReviewState, command: HeldCommand, terms: QueueTerms) -> Outcome:
    return handling.handle(state, command, terms)
