"""The answers to questions about queues: depth, age, whose turn it is, and how fast they move."""

from dataclasses import asdict
from typing import Any

from hitl.review import questions as q
from hitl.review.blind import shown_to
from hitl.review.claiming import check_queue, claimer_of
from hitl.review.pace import Pace, rates
from hitl.review.queues import RANK, expert_queue
from hitl.review.state import Review, ReviewState
from hitl.review.terms import Terms
from hitl.review.why_empty import why_empty
from hitl.routing.route import Priority

MAX_COUNTED = 50


def queue_stats(state: ReviewState, now: float, terms: Terms) -> dict[str, Any]:
    """Every queue of every task."""
    configured = {queue for task in terms.tasks for queue in (task, expert_queue(task))}
    leased: dict[str, int] = {}
    for mine in state.held.values():
        for review_id in mine:
            queue = state.reviews[review_id].queue
            leased[queue] = leased.get(queue, 0) + 1
    names = sorted(configured | state.queues.names())
    return {"queues": {name: {**_waiting(state, name, now), "leased": leased.get(name, 0)} for name in names}}


def queue_of(state: ReviewState, question: q.QueueOf, now: float, terms: Terms) -> dict[str, Any]:
    """Raises NotFound."""
    queue = question.queue
    check_queue(state, queue, terms)
    claimer = claimer_of(state, queue, question.reviewer, question.keys, now)
    for_you = len(state.queues.heads(queue, claimer, MAX_COUNTED))
    why = why_empty(state, queue, claimer)
    return {
        "queue": queue,
        **_waiting(state, queue, now),
        "leased": why["leased"],
        "for_you": for_you,
        "why_empty": None if for_you else why,
        "quarantined": list(state.quarantined.get(queue, ())),
        "rates": _rates(state, queue, now),
    }


def heads(state: ReviewState, question: q.Heads, now: float) -> dict[str, Any]:
    """What the next claim would get."""
    claimer = claimer_of(state, question.queue, question.reviewer, question.keys, now)
    return {"heads": [_head(state, each) for each in state.queues.heads(question.queue, claimer, question.limit)]}


def waiting(state: ReviewState, question: q.Waiting, now: float) -> dict[str, Any]:
    """What the next claims would get, without claiming it."""
    claimer = claimer_of(state, question.queue, question.reviewer, question.keys, now)
    found = [state.reviews[each] for each in state.queues.heads(question.queue, claimer, question.limit)]
    return {"reviews": [_listed(review, question.reviewer, now) for review in found]}


def ahead(state: ReviewState, question: q.Ahead, now: float) -> dict[str, Any]:
    """How many come before, in this shard."""

    def opened_at(review_id: str) -> float:
        return state.reviews[review_id].opened_at

    count = state.queues.before(question.queue, Priority(question.priority), question.opened_at, opened_at)
    return {"ahead": count, "rates": _rates(state, question.queue, now)}


def _waiting(state: ReviewState, queue: str, now: float) -> dict[str, Any]:
    counts = {priority.value: state.queues.waiting(queue, priority) for priority in Priority}
    firsts = (state.queues.first(queue, priority) for priority in Priority)
    oldest = min((state.reviews[first].opened_at for first in firsts if first), default=None)
    return {
        "waiting": sum(counts.values()),
        "by_priority": counts,
        "oldest_opened_at": oldest,
        "oldest_age_s": None if oldest is None else max(0.0, now - oldest),
    }


def _listed(review: Review, viewer: str, now: float) -> dict[str, Any]:
    waits = {"rank": RANK[review.priority], "time_in_queue_s": max(0.0, now - review.opened_at)}
    return {**shown_to(review, viewer), **waits}


def _head(state: ReviewState, review_id: str) -> dict[str, Any]:
    review = state.reviews[review_id]
    rank, priority = RANK[review.priority], review.priority.value
    return {"rank": rank, "priority": priority, "opened_at": review.opened_at, "review_id": review_id}


def _rates(state: ReviewState, queue: str, now: float) -> dict[str, Any]:
    return asdict(rates(state.paces.get(queue, Pace()), now))
