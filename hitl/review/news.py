"""What changed in the queues, as short messages behind a cursor: for people who look on, not for a replay."""

from typing import NamedTuple

from hitl.review import questions as q
from hitl.review.event_fields import AboutReview
from hitl.review.handling_events import LeaseExpired, ReviewAssigned, ReviewWithdrawn
from hitl.review.state import Review, ReviewNews, ReviewState, ReviewStatus
from hitl.review.views import QueueChange, QueueChanges
from hitl.routing.route import Priority

LOST = (LeaseExpired, ReviewAssigned, ReviewWithdrawn)
"""The ways in which a holder loses a lease without doing anything."""


class ReviewPosition(NamedTuple):
    """Where a review waits (None: nowhere) and who holds it."""

    queue: str | None
    holder: str | None


NOWHERE = ReviewPosition(None, None)
"""Before the review was opened."""


def standing(review: Review) -> ReviewPosition:
    queue = review.queue if review.status is ReviewStatus.WAITING else None
    return ReviewPosition(queue, review.lease.reviewer if review.lease else None)


def note(state: ReviewState, review: Review, before: ReviewPosition, event: AboutReview) -> None:
    """Keep what the change from ``before`` means to those who look on."""
    after = standing(review)
    if before.queue != after.queue:
        if before.queue is not None:
            _add(state, "review_withdrawn", before.queue, review, None)
        if after.queue is not None:
            _add(state, "review_new", after.queue, review, None)
    if before.holder is not None and isinstance(event, LOST):
        _add(state, "lease_lost", review.queue, review, before.holder)


def changes(state: ReviewState, question: q.QueueNews) -> QueueChanges:
    """Return the messages of a queue behind the cursor."""
    oldest = state.news[0].number if state.news else state.news_count + 1
    after = state.news_count if question.after is None else min(question.after, state.news_count)
    found = [_shown(news) for news in state.news if news.number > after and news.queue == question.queue]
    is_complete = after >= oldest - 1
    is_news = bool(found) or not is_complete or question.after is None
    return QueueChanges("changed" if is_news else "waiting", state.news_count, is_complete, found)


def _add(state: ReviewState, kind: str, queue: str, review: Review, person: str | None) -> None:
    state.news_count += 1
    state.news.append(ReviewNews(state.news_count, kind, queue, review.review_id, review.priority.value, person))


def _shown(news: ReviewNews) -> QueueChange:
    names = ("kind", "queue", "review_id", "person")
    return QueueChange(**{name: getattr(news, name) for name in names}, priority=Priority(news.priority))
