"""The open reviews of a case that nobody can look at any more, since its input was erased, or whose answer nobody needs."""

from hitl.errors import NotCancellable
from hitl.machine.machine import Outcome
from hitl.review.commands import CancelCase, WithdrawReviews
from hitl.review.event_sources import ids_of
from hitl.review.handling_events import ReviewWithdrawn
from hitl.review.leasing import free
from hitl.review.outcomes import current, reviews_of
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


def cancel(state: ReviewState, command: CancelCase) -> Outcome:
    """End the open reviews of a case that has no decision yet. A drawn one stays unanswered, so that it counts as the model's
    error: nobody gets better figures by cancelling. Raises NotCancellable, InvalidInput."""
    check_text("/reason", command.reason)
    reviews = reviews_of(state, command.case_id)
    if current(state, command.case_id) is not None:
        raise NotCancellable(command.case_id, "it is decided")
    if any(review.status is ReviewStatus.PROVISIONAL for review in reviews):
        raise NotCancellable(command.case_id, "somebody has answered it; the answer can be undone for a while")
    waiting = [review for review in reviews if review.status in OPEN]
    if not waiting:
        raise NotCancellable(command.case_id, "no review of it is open: it is withdrawn, or its review is not open yet")
    return Outcome(
        [_withdrawn(review, command) for review in waiting],
        WithdrawnReviews(command.case_id, [review.review_id for review in waiting]),
    )


def take_away(state: ReviewState, review: Review) -> None:
    """End the lease and the drafts of a review that is withdrawn, in place."""
    free(state, review)
    review.drafts.clear()
    state.quarantined.get(review.queue, {}).pop(review.review_id, None)


def _withdrawn(review: Review, command: WithdrawReviews | CancelCase) -> ReviewWithdrawn:
    lease = review.lease.id if review.lease else None
    return ReviewWithdrawn(**ids_of(review), by=command.by, reason=command.reason, lease=lease)
