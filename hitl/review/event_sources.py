"""What events take from a review as it stands: which it is, where it waits after them."""

from typing import TypedDict

from msgspec import UNSET, UnsetType

from hitl.intake.record import CaseRecord
from hitl.review.queues import expert_queue
from hitl.review.state import Review
from hitl.routing.action import Priority


class ReviewIds(TypedDict):
    case_id: str
    review_id: str
    task: str


class PlaceFields(TypedDict):
    """Of hitl.review.event_fields.Placed."""

    queue: str
    priority: Priority
    escalation: str | None
    assigned: str | None


class CaseFields(TypedDict):
    """What every review of a case has of the case's record."""

    case_id: str
    task: str
    client: str
    prediction: str | None
    probabilities: list[float] | None
    confidence: float | None
    uncertainty: float | None
    confidence_level: str | None
    reason: str
    model_version: str | None
    policy_version: str
    payload_digest: str
    segment: str
    streams: list[str]
    gold_probability: float
    audit_probability: float
    rules: list[str]
    generation: int | UnsetType


def ids_of(review: Review) -> ReviewIds:
    return {"case_id": review.case_id, "review_id": review.review_id, "task": review.task}


def stay(review: Review) -> PlaceFields:
    """Return the place that the review has now."""
    return {
        "queue": review.queue,
        "priority": review.priority,
        "escalation": review.escalation,
        "assigned": review.assigned,
    }


def go_to_experts(review: Review, reason: str | None) -> PlaceFields:
    """Return the first place of the task's experts, because of ``reason``."""
    return {"queue": expert_queue(review.task), "priority": Priority.URGENT, "escalation": reason, "assigned": None}


def go_to_ordinary_queue(review: Review, reason: str) -> PlaceFields:
    """Return the task's own queue, for whoever comes first, because of an expert's ``reason``."""
    return {"queue": review.task, "priority": Priority.HIGH, "escalation": reason, "assigned": None}


def go_back(review: Review) -> PlaceFields:
    """Return the place of a review that its holder gives back: its own, or that of the experts once it is overdue."""
    return go_to_experts(review, review.escalation) if review.is_overdue else stay(review)


def case_fields(source: CaseRecord | Review) -> CaseFields:
    return {
        "case_id": source.case_id,
        "task": source.task,
        "client": source.client,
        "prediction": source.prediction,
        "probabilities": source.probabilities,
        "confidence": source.confidence,
        "uncertainty": source.uncertainty,
        "confidence_level": source.confidence_level,
        "reason": source.reason,
        "model_version": source.model_version,
        "policy_version": source.policy_version,
        "payload_digest": source.payload_digest,
        "segment": source.segment,
        "streams": source.streams,
        "gold_probability": source.gold_probability,
        "audit_probability": source.audit_probability,
        "rules": source.rules,
        "generation": source.generation or UNSET,
    }
