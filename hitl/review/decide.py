"""What a command does to the reviews: events, or a refusal. Changes nothing; O(log n) in the open reviews."""

from typing import Any

from hitl.errors import AlreadyDecided, InvalidInput, NotFound, SequenceConflict, StaleLease
from hitl.machine.machine import Outcome
from hitl.review import events
from hitl.review.commands import Claim, Command, Decide, Escalate, ExpireLease, MarkOverdue, OpenReview, Release
from hitl.review.show import show_claimed
from hitl.review.state import Review, ReviewState, review_id_of
from hitl.review.terms import Terms
from hitl.routing.route import Action

MAX_LEASE_S = 86_400.0
MAX_TEXT = 4_000
"""Characters of a comment or a reason: it is journalled."""

NOTHING = Outcome([])


def decide(state: ReviewState, command: Command, now: float, terms: Terms) -> Outcome:
    """Raises the HitlError that refuses the command."""
    match command:
        case OpenReview():
            return _open(state, command, now, terms)
        case Claim():
            return _claim(state, command, now, terms)
        case Decide():
            return _decide(state, command, now, terms)
        case Release():
            return _release(state, command)
        case Escalate():
            return _escalate(state, command)
        case ExpireLease():
            return _expire(state, command)
        case MarkOverdue():
            return _mark_overdue(state, command)


def holding(state: ReviewState, review_id: str, lease: int, reviewer: str) -> Review:
    """The review that ``reviewer`` holds under ``lease``. Raises NotFound, AlreadyDecided or StaleLease."""
    review = find(state, review_id)
    if review.outcome is not None:
        raise AlreadyDecided(review_id, review.outcome.reviewer, review.outcome.decided_at)
    held = review.lease
    if held is None or held.id != lease or held.reviewer != reviewer:
        raise StaleLease(review_id, lease, held.reviewer if held else None)
    return review


def find(state: ReviewState, review_id: str) -> Review:
    """Raises NotFound."""
    if review_id not in state.reviews:
        raise NotFound("review", review_id)
    return state.reviews[review_id]


def _open(state: ReviewState, command: OpenReview, now: float, terms: Terms) -> Outcome:
    record = command.record
    review_id = review_id_of(record.case_id)
    if review_id in state.reviews:
        return Outcome([], {"review_id": review_id})
    if record.action == Action.AUTOMATIC:
        raise InvalidInput("/action", "a case that people decide")
    if command.after is not None and command.after > state.cursor:
        raise SequenceConflict("review", command.after, state.cursor)
    event = events.opened(record, command.position, now, now + terms.timeout_s(record.task))
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
    lease_s = float(terms.lease_s(review.task) if command.lease_s is None else command.lease_s)
    event = events.leased(review, state.last_lease + 1, command.reviewer, lease_s)
    return Outcome([event], {"review": show_claimed(review, event, now)})


def _decide(state: ReviewState, command: Decide, now: float, terms: Terms) -> Outcome:
    review = holding(state, command.review_id, command.lease, command.reviewer)
    labels = terms.labels(review.task)
    if command.label not in labels:
        raise InvalidInput("/label", f"one of the task's {len(labels)} labels")
    if not 0 <= command.confidence <= 1:
        raise InvalidInput("/confidence", "a number in [0, 1]")
    _check_text("/comment", command.comment)
    event = events.decided(review, command)
    return Outcome([event], _told(event, now))


def _told(event: dict[str, Any], now: float) -> dict[str, Any]:
    names = ("case_id", "review_id", "label", "reviewer", "agrees_with_model")
    return {**{name: event[name] for name in names}, "status": "decided", "decided_at": now}


def _release(state: ReviewState, command: Release) -> Outcome:
    review = holding(state, command.review_id, command.lease, command.reviewer)
    _check_text("/reason", command.reason)
    return _back(events.released(review, command.lease, command.reviewer, command.reason))


def _escalate(state: ReviewState, command: Escalate) -> Outcome:
    review = holding(state, command.review_id, command.lease, command.reviewer)
    _check_text("/reason", command.reason)
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


def _check_text(place: str, text: str) -> None:
    if len(text) > MAX_TEXT:
        raise InvalidInput(place, f"at most {MAX_TEXT} characters")
