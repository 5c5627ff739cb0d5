"""Who alone may take a review, and the way out of quarantine: what an operator or expert does without holding it."""

import re

from hitl.errors import AlreadyDecided, InvalidInput, NotQuarantined
from hitl.machine.machine import Outcome
from hitl.review.commands import Assign, Requeue
from hitl.review.event_sources import ids_of, stay
from hitl.review.find import find
from hitl.review.handling_events import ReviewAssigned, ReviewRequeued
from hitl.review.state import ReviewState, ReviewStatus
from hitl.review.views import AssignedReview, RequeuedReview
from hitl.text_limits import check_text

TARGET = re.compile(r"(person|role|skill):[^\s:][^\s]{0,199}")


def check_target(to: str | None) -> None:
    """Raises InvalidInput unless ``to`` is a person, a role, a skill or None."""
    if to is not None and not TARGET.fullmatch(to):
        raise InvalidInput("/to", "person:<id>, role:<role> or skill:<skill>")


def assign(state: ReviewState, command: Assign) -> Outcome:
    """Raises NotFound, InvalidInput, AlreadyDecided; a quarantined review is let out first (NotQuarantined says so)."""
    review = find(state, command.review_id)
    check_target(command.to)
    check_text("/reason", command.reason)
    if review.outcome is not None:
        raise AlreadyDecided(review.review_id, review.outcome.reviewer, review.outcome.decided_at)
    if review.status in (ReviewStatus.QUARANTINED, ReviewStatus.WITHDRAWN):
        raise InvalidInput("/review_id", "a review that is not in quarantine, and not withdrawn")
    lease, place = review.lease.id if review.lease else None, stay(review)
    place["assigned"] = command.to
    event = ReviewAssigned(**ids_of(review), **place, by=command.by, reason=command.reason, lease=lease)
    told = AssignedReview(
        case_id=review.case_id,
        review_id=review.review_id,
        queue=review.queue,
        priority=review.priority,
        assigned=command.to,
        lease=lease,
    )
    return Outcome([event], told)


def requeue(state: ReviewState, command: Requeue) -> Outcome:
    """Raises NotFound, NotQuarantined."""
    review = find(state, command.review_id)
    check_text("/reason", command.reason)
    if review.status is not ReviewStatus.QUARANTINED:
        raise NotQuarantined(review.review_id, review.status.value)
    event = ReviewRequeued(**ids_of(review), by=command.by, reason=command.reason)
    return Outcome([event], RequeuedReview(review.case_id, review.review_id, review.queue))
