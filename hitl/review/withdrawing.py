"""The open reviews of a case whose input was erased: nobody can look at it any more."""

from hitl.machine.machine import Outcome
from hitl.review.commands import WithdrawReviews
from hitl.review.event_sources import ids_of
from hitl.review.handling_events import ReviewWithdrawn
from hitl.review.leasing import free
from hitl.review.outcomes import reviews_of
from hitl.review.state import Review, ReviewState, ReviewStatus
from hitl.review.views import WithdrawnReviews
from hitl.text_limits import check_text

OPEN = (ReviewStatus.WAITING, ReviewStatus.LEASED, ReviewStatus.QUARANTINED)
"""A provisional decision becomes final by itself: it was made while the input was there."""


def withdraw(state: ReviewState, command: WithdrawReviews) -> Outcome:
    """Nothing happens where no review is open, or the case is none of this shard. Raises InvalidInput."""
    check_text("/reason", command.reason)
    withdrawn = [review for review in reviews_of(state, command.case_id) if review.status in OPEN]
    events = [_withdrawn(review, command) for review in withdrawn]
    return Outcome(events, WithdrawnReviews(command.case_id, [review.review_id for review in withdrawn]))


def take_away(state: ReviewState, review: Review) -> None:
    """End the lease and the drafts of a review that is withdrawn, in place."""
    free(state, review)
    review.drafts.clear()
    state.quarantined.get(review.queue, {}).pop(review.review_id, None)


def _withdrawn(review: Review, command: WithdrawReviews) -> ReviewWithdrawn:
    lease = review.lease.id if review.lease else None
    return ReviewWithdrawn(**ids_of(review), by=command.by, reason=command.reason, lease=lease)
