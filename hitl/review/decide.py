"""What a command does to the reviews: events, or a refusal. Changes nothing; O(log n) in the open reviews."""

from typing import Any

from hitl.errors import InvalidInput, NotFound, SequenceConflict
from hitl.machine.machine import Outcome
from hitl.review import answering, events
from hitl.review.blind import shown_claimed
from hitl.review.commands import (
    Amend,
    Claim,
    Command,
    Decide,
    Escalate,
    ExpireLease,
    MakeFinal,
    MarkOverdue,
    OpenReview,
    Release,
    Undo,
)
from hitl.review.find import check_text, find, holding
from hitl.review.state import ReviewState, review_id_of
from hitl.review.terms import Terms

MAX_LEASE_S = 86_400.0

NOTHING = Outcome([])


def decide(state: ReviewState, command: Command, now: float, terms: Terms) -> Outcome:
    """Raises the HitlError that refuses the command."""
    match command:
        case OpenReview():
            return _open(state, command, now, terms)
        case Claim():
            return _claim(state, command, now, terms)
        case Decide():
            return answering.decide(state, command, now, terms)
        case Undo():
            return answering.undo(state, command, now, terms)
        case Amend():
            return answering.amend(state, command, terms)
        case MakeFinal():
            return answering.make_final(state, command)
        case Release():
            return _release(state, command)
        case Escalate():
            return _escalate(state, command)
        case ExpireLease():
            return _expire(state, command)
        case MarkOverdue():
            return _mark_overdue(state, command)


def _open(state: ReviewState, command: OpenReview, now: float, terms: Terms) -> Outcome:
    record = command.record
    review_id = review_id_of(record.case_id)
    if review_id in state.reviews:
        return Outcome([], {"review_id": review_id})
    if not record.is_for_people:
        raise InvalidInput("/action", "a case that people decide or check")
    if command.after is not None and command.after > state.cursor:
        raise SequenceConflict("review", command.after, state.cursor)
    due_at = now + terms.timeout_s(record.task)
    event = events.opened(record, command.position, now, due_at, terms.of(record.task).blind)
    return Outcome([event], {"review_id": review_id})


def _claim(state: ReviewState, command: Claim, now: float, terms: Terms) -> Outcome:
    if not terms.has_queue(command.queue) and command.queue not in state.queues.names():
        raise NotFound("queue", command.queue)
    if command.lease_s is not None and not 0 < command.lease_s <= MAX_LEASE_S:
        raise InvalidInput("/lease_s", f"seconds in (0, {MAX_LEASE_S:g}]")
    head = state.queues.head(command.queue)
    if head is None:
        return Outcome([], {"review": None})
    review = state.reviews[head]
    lease_s = float(terms.of(review.task).lease_s if command.lease_s is None else command.lease_s)
    event = events.leased(review, state.last_lease + 1, command.reviewer, lease_s)
    return Outcome([event], {"review": shown_claimed(review, event, now)})


def _release(state: ReviewState, command: Release) -> Outcome:
    review = holding(state, command.review_id, command.lease, command.reviewer)
    check_text("/reason", command.reason)
    return _back(events.released(review, command.lease, command.reviewer, command.reason))


def _escalate(state: ReviewState, command: Escalate) -> Outcome:
    review = holding(state, command.review_id, command.lease, command.reviewer)
    check_text("/reason", command.reason)
    reason = command.reason or "human escalation"
    return _back(events.escalated(review, command.lease, command.reviewer, reason))


def _expire(state: ReviewState, command: ExpireLease) -> Outcome:
    review = find(state, command.review_id)
    if review.lease is None or review.lease.id != command.lease:
        return NOTHING
    return _back(events.lease_expired(review, command.lease, review.lease.reviewer))


def _mark_overdue(state: ReviewState, command: MarkOverdue) -> Outcome:
    review = find(state, command.review_id)
    if review.outcome is not None or review.is_overdue:
        return NOTHING
    return _back(events.overdue(review, f"no answer within {review.due_at - review.opened_at:g} s"))


def _back(event: dict[str, Any]) -> Outcome:
    return Outcome([event], {name: event[name] for name in ("case_id", "review_id", "queue", "priority")})
