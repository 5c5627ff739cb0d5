"""How a lease is granted and ends, and where the review waits then; in place."""

from msgspec import UNSET

from hitl.review.answer_events import DecisionUndone
from hitl.review.event_fields import Placed
from hitl.review.handling_events import ReviewEscalated, ReviewLeased, ReviewOverdue
from hitl.review.state import Lease, Review, ReviewState

MAX_CLAIMS = 10_000
"""Claims of a shard that a repetition is recognised by, whichever shard it asks first."""


def grant(state: ReviewState, review: Review, event: ReviewLeased | DecisionUndone, at: float) -> None:
    """Let the reviewer of ``event`` hold the review since ``at`` (UTC seconds)."""
    review.lease = Lease(event.lease, event.reviewer, event.lease_s, at)
    state.last_lease = event.lease
    state.held.setdefault(event.reviewer, {})[review.review_id] = None
    state.seen.setdefault(review.queue, {})[event.reviewer] = at


def note_claim(state: ReviewState, review: Review, claim: str) -> None:
    """Keep that ``claim`` leased the review; the newest MAX_CLAIMS stay."""
    state.claims.setdefault(claim, []).append(review.review_id)
    while len(state.claims) > MAX_CLAIMS:
        state.claims.popitem(last=False)


def free(state: ReviewState, review: Review) -> None:
    """End the lease, if there is one."""
    if review.lease is None:
        return
    mine = state.held[review.lease.reviewer]
    del mine[review.review_id]
    if not mine:
        del state.held[review.lease.reviewer]
    review.lease = None


def give_back(state: ReviewState, review: Review, event: Placed) -> None:
    """End the lease; the review waits where ``event`` says."""
    free(state, review)
    send(review, event)


def send(review: Review, event: Placed) -> None:
    """Let the review wait where ``event`` says, once it waits."""
    review.queue, review.priority = event.queue, event.priority
    if event.assigned is not UNSET:
        review.assigned = event.assigned
    if event.escalation is not UNSET:
        review.escalation = event.escalation
    elif isinstance(event, ReviewOverdue | ReviewEscalated):  # written before escalation was a field: the reason was it
        review.escalation = event.reason
