"""The events of a review, as the plain objects that the journal keeps. docs/journal.md describes them field by field.

Every one has ``type``, ``case_id``, ``review_id`` and ``task``. ``queue`` and ``priority`` say where the review waits after
the event, so that a replay needs no rule and no configuration.
"""

from typing import Any

from hitl.intake.record import CaseRecord
from hitl.review.commands import Decide
from hitl.review.queues import expert_queue
from hitl.review.state import Review, review_id_of
from hitl.routing.route import Action, Priority

Event = dict[str, Any]

_FROM_RECORD = (
    "case_id",
    "task",
    "client",
    "prediction",
    "confidence",
    "uncertainty",
    "confidence_level",
    "reason",
    "model_version",
    "policy_version",
    "payload_digest",
)


def opened(record: CaseRecord, position: int, opened_at: float, due_at: float) -> Event:
    return {
        "type": "ReviewOpened",
        **{name: getattr(record, name) for name in _FROM_RECORD},
        "review_id": review_id_of(record.case_id),
        "queue": expert_queue(record.task) if record.action == Action.EXPERT else record.task,
        "priority": Priority(record.priority or Priority.NORMAL).value,
        "position": position,
        "opened_at": opened_at,
        "due_at": due_at,
    }


def leased(review: Review, lease: int, reviewer: str, lease_s: float) -> Event:
    return _of(review, "ReviewLeased", lease=lease, reviewer=reviewer, lease_s=lease_s)


def lease_expired(review: Review, lease: int, reviewer: str) -> Event:
    return _of(review, "LeaseExpired", lease=lease, reviewer=reviewer, **_way_back(review))


def released(review: Review, lease: int, reviewer: str, reason: str) -> Event:
    return _of(review, "ReviewReleased", lease=lease, reviewer=reviewer, reason=reason, **_way_back(review))


def escalated(review: Review, lease: int, reviewer: str, reason: str) -> Event:
    return _of(review, "ReviewEscalated", lease=lease, reviewer=reviewer, reason=reason, **_to_experts(review))


def overdue(review: Review, reason: str) -> Event:
    """A leased review keeps its place on paper: it moves when its holder gives it back."""
    stays = {"queue": review.queue, "priority": review.priority.value}
    return _of(review, "ReviewOverdue", reason=reason, **(stays if review.lease else _to_experts(review)))


def decided(review: Review, command: Decide) -> Event:
    return _of(
        review,
        "ReviewDecided",
        lease=command.lease,
        reviewer=command.reviewer,
        label=command.label,
        confidence=float(command.confidence),
        comment=command.comment,
        agrees_with_model=None if review.prediction is None else command.label == review.prediction,
    )


def _of(review: Review, kind: str, **fields: Any) -> Event:
    return {"type": kind, "case_id": review.case_id, "review_id": review.review_id, "task": review.task, **fields}


def _way_back(review: Review) -> dict[str, str]:
    return _to_experts(review) if review.is_overdue else {"queue": review.queue, "priority": review.priority.value}


def _to_experts(review: Review) -> dict[str, str]:
    return {"queue": expert_queue(review.task), "priority": Priority.URGENT.value}
