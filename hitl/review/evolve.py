"""How an event changes the reviews: mechanical, so that live operation, recovery and another program's replay agree."""

from typing import Any

from hitl.review.state import COUNTERS, MOVES, Lease, Outcome, Review, ReviewState
from hitl.routing.route import Priority

_COUNTED = {
    "ReviewOpened": "opened",
    "ReviewLeased": "leased",
    "LeaseExpired": "expired",
    "ReviewReleased": "released",
    "ReviewEscalated": "escalated",
    "ReviewOverdue": "overdue",
    "ReviewDecided": "decided",
}

_IDS = frozenset({"case_id", "review_id", "task"})
_OPENING = ("type", "queue", "priority", "reason")


def evolve(state: ReviewState, event: dict[str, Any], at: float) -> None:
    """Apply ``event``, which happened at ``at`` (UTC seconds), in place."""
    kind = event["type"]
    if kind == "ReviewOpened":
        review = _opened(state, event)
        remembered = {name: event[name] for name in _OPENING}
    else:
        review = state.reviews[event["review_id"]]
        _changed(state, review, event, at)
        remembered = {name: value for name, value in event.items() if name not in _IDS}
        review.status = MOVES[review.status, kind]
    review.history.append({**remembered, "at": at})
    state.queues.move(review.review_id, review.position, review.place)
    _count(state, review.task, _COUNTED[kind])


def _opened(state: ReviewState, event: dict[str, Any]) -> Review:
    given = {name: value for name, value in event.items() if name != "type"}
    review = Review(**{**given, "priority": Priority(event["priority"])})
    state.reviews[review.review_id] = review
    state.cursor = max(state.cursor, review.position)
    return review


def _changed(state: ReviewState, review: Review, event: dict[str, Any], at: float) -> None:
    match event["type"]:
        case "ReviewLeased":
            _grant(state, review, event, at)
        case "ReviewDecided":
            _free(state, review)
            _settle(state, review, event, at)
        case "ReviewOverdue":
            review.is_overdue = True
            _send(review, event)
            review.escalation = event["reason"]
        case "ReviewEscalated":
            _free(state, review)
            _send(review, event)
            review.escalation = event["reason"]
        case _:
            _free(state, review)
            _send(review, event)


def _grant(state: ReviewState, review: Review, event: dict[str, Any], at: float) -> None:
    review.lease = Lease(event["lease"], event["reviewer"], event["lease_s"], at)
    state.last_lease = event["lease"]
    state.held.setdefault(event["reviewer"], {})[review.review_id] = None


def _free(state: ReviewState, review: Review) -> None:
    if review.lease is None:
        return
    mine = state.held[review.lease.reviewer]
    del mine[review.review_id]
    if not mine:
        del state.held[review.lease.reviewer]
    review.lease = None


def _send(review: Review, event: dict[str, Any]) -> None:
    review.queue, review.priority = event["queue"], Priority(event["priority"])


def _settle(state: ReviewState, review: Review, event: dict[str, Any], at: float) -> None:
    names = ("label", "reviewer", "confidence", "comment", "agrees_with_model")
    review.outcome = Outcome(decided_at=at, **{name: event[name] for name in names})
    state.examples.setdefault(review.task, []).append(review.review_id)
    if event["agrees_with_model"]:
        _count(state, review.task, "agreed")
    if at <= review.due_at:
        _count(state, review.task, "in_time")


def _count(state: ReviewState, task: str, counter: str) -> None:
    if task not in state.counters:
        state.counters[task] = dict.fromkeys(COUNTERS, 0)
    state.counters[task][counter] += 1
