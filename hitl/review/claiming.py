"""A claim: which reviews a person gets, and how many at a time."""

from msgspec import UNSET

from hitl.errors import AtCapacity, InvalidInput, NotFound
from hitl.machine.machine import Outcome
from hitl.review.blind import shown_claimed
from hitl.review.commands import Claim
from hitl.review.event_sources import ids_of
from hitl.review.handling_events import ReviewLeased
from hitl.review.queues import Claimer, task_of
from hitl.review.state import ReviewState
from hitl.review.terms import QueueTerms
from hitl.review.views import ClaimedReviews, ReviewLease, ReviewView
from hitl.review.why_empty import why_empty

MAX_CLAIMED = 50
PRESENT_S = 3_600.0
"""Who took something of a queue this lately may still take what another skipped."""


def claim(state: ReviewState, command: Claim, now: float, terms: QueueTerms) -> Outcome:
    """Raises NotFound, InvalidInput, AtCapacity."""
    check_queue(state, command.queue, terms)
    longest_s = terms.of(task_of(command.queue)).longest_lease_s
    if command.lease_s is not None and not 0 < command.lease_s <= longest_s:
        raise InvalidInput("/lease_s", f"seconds in (0, {longest_s:g}], which the task allows")
    if not 1 <= command.count <= MAX_CLAIMED:
        raise InvalidInput("/count", f"1 to {MAX_CLAIMED} reviews")
    claimer = claimer_of(state, command.queue, command.reviewer, command.keys, now)
    heads = state.queues.heads(command.queue, claimer, min(command.count, _room(state, command, terms)))
    if not heads:
        return Outcome([], ClaimedReviews(None, [], why_empty(state, command.queue, claimer)))
    return _leased(state, heads, command, now, terms)


def claimer_of(state: ReviewState, queue: str, reviewer: str, keys: frozenset[str], now: float) -> Claimer:
    """Return the person with those who were lately at the queue too."""
    lately = frozenset(other for other, at in state.seen.get(queue, {}).items() if other != reviewer and at > now - PRESENT_S)
    return Claimer(reviewer, keys, lately)


def check_queue(state: ReviewState, queue: str, terms: QueueTerms) -> None:
    """Raises NotFound for a queue of no task in which nothing ever waited."""
    if not terms.has_queue(queue) and queue not in state.queues.names():
        raise NotFound("queue", queue)


def _room(state: ReviewState, command: Claim, terms: QueueTerms) -> int:
    """How many more reviews the person may hold. Raises AtCapacity."""
    task = task_of(command.queue)
    capacity = terms.of(task).capacity
    if capacity is None:
        return command.count
    held = command.held_elsewhere + held_of_task(state, command.reviewer, task)
    if held >= capacity:
        raise AtCapacity(command.reviewer, held, capacity)
    return capacity - held


def held_of_task(state: ReviewState, reviewer: str, task: str) -> int:
    """Return how many reviews of ``task`` the person holds in this shard."""
    return sum(state.reviews[review_id].task == task for review_id in state.held.get(reviewer, ()))


def _leased(state: ReviewState, heads: list[str], command: Claim, now: float, terms: QueueTerms) -> Outcome:
    happened: list[ReviewLeased] = []
    shown: list[ReviewView] = []
    for number, review_id in enumerate(heads, start=state.last_lease + 1):
        review = state.reviews[review_id]
        lease_s = float(terms.of(review.task).lease_s if command.lease_s is None else command.lease_s)
        claim = command.claim_id or UNSET
        event = ReviewLeased(**ids_of(review), lease=number, reviewer=command.reviewer, lease_s=lease_s, claim=claim)
        happened.append(event)
        shown.append(shown_claimed(review, ReviewLease(number, command.reviewer, lease_s, now)))
    return Outcome(happened, ClaimedReviews(shown[0], shown))
