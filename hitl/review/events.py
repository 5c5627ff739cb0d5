"""The events of a review, as the plain objects that the journal keeps. docs/journal.md describes them field by field.

Every one has ``type``, ``case_id``, ``review_id`` and ``task``. ``queue``, ``priority`` and ``escalation`` say where the review
waits after the event and why, so that a replay needs no rule and no configuration.
"""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any, NamedTuple

from hitl.intake.record import CaseRecord
from hitl.review.agreement import Settled
from hitl.review.commands import Assign, Decide, Delegate, Reopen, ReportFailure, SaveDraft, SendBack
from hitl.review.queues import expert_queue
from hitl.review.state import Purpose, Review, review_id_of
from hitl.routing.coin import Stream
from hitl.routing.route import Action, Priority

Event = dict[str, Any]

_FROM_RECORD = (
    "case_id",
    "task",
    "client",
    "prediction",
    "probabilities",
    "confidence",
    "uncertainty",
    "confidence_level",
    "reason",
    "model_version",
    "policy_version",
    "payload_digest",
    "segment",
    "streams",
    "gold_probability",
    "audit_probability",
    "rules",
)
_taken_over = attrgetter(*_FROM_RECORD)


class Opening(NamedTuple):
    """What the task's terms say of a review that is opened at ``at``; times are UTC seconds."""

    at: float
    warn_at: float
    due_at: float
    blind: bool
    assigned: str | None


def opened(record: CaseRecord, position: int, opening: Opening) -> Event:
    purpose = purpose_of(record)
    return {
        "type": "ReviewOpened",
        **dict(zip(_FROM_RECORD, _taken_over(record), strict=True)),
        "review_id": review_id_of(record.case_id),
        "queue": expert_queue(record.task) if record.action == Action.EXPERT else record.task,
        "priority": Priority(record.priority or Priority.NORMAL).value,
        "position": position,
        "opened_at": opening.at,
        "warn_at": opening.warn_at,
        "due_at": opening.due_at,
        "purpose": purpose.value,
        "blind": opening.blind or purpose is not Purpose.REVIEW,
        "is_automatic": record.action == Action.AUTOMATIC,
        "assigned": None if record.action == Action.EXPERT else opening.assigned,
        "reopens": None,
        "escalation": None,
    }


def reopened(review: Review, review_id: str, command: Reopen, opening: Opening, barred: list[str]) -> Event:
    """A new review of the same case: what is decided stays as it is."""
    return {
        "type": "ReviewOpened",
        **{name: getattr(review, name) for name in (*_FROM_RECORD, "position", "is_automatic")},
        "review_id": review_id,
        "queue": expert_queue(review.task) if command.to_experts else review.task,
        "priority": (Priority.NORMAL if command.is_blind else Priority.HIGH).value,
        "opened_at": opening.at,
        "warn_at": opening.warn_at,
        "due_at": opening.due_at,
        "purpose": Purpose.REVIEW.value,
        "blind": opening.blind or command.is_blind,
        "barred": barred,
        "assigned": command.to,
        "reopens": review.review_id,
        "escalation": command.reason or None,
    }


def known_asked(
    item: Review, review_id: str, beside: Mapping[str, Any], opening: Opening, known: Event, barred: list[str]
) -> Event:
    """The settled ``item`` once more, among the others: it waits where the review ``beside`` it does."""
    return {
        "type": "KnownAsked",
        **{name: getattr(item, name) for name in _FROM_RECORD},
        **{name: beside[name] for name in ("queue", "priority", "position")},
        "review_id": review_id,
        "streams": [],
        "gold_probability": 0.0,
        "audit_probability": 0.0,
        "opened_at": opening.at,
        "warn_at": opening.warn_at,
        "due_at": opening.due_at,
        "purpose": Purpose.KNOWN.value,
        "is_automatic": False,
        "assigned": opening.assigned,
        "reopens": item.review_id,
        "escalation": None,
        "known": known,
        "known_probability": 0.0,
        "barred": barred,
    }


def known_answered(review: Review, command: Decide) -> Event:
    """One answer ends it, whatever it says."""
    agrees = None if review.prediction is None else command.label == review.prediction
    return _of(review, "KnownAnswered", **_said(review, command), label=command.label, agrees_with_model=agrees)


def purpose_of(record: CaseRecord) -> Purpose:
    """A case of both streams is gold: that stream is drawn of all traffic."""
    if Stream.GOLD in record.streams:
        return Purpose.GOLD
    return Purpose.AUDIT if record.action == Action.AUTOMATIC else Purpose.REVIEW


def leased(review: Review, lease: int, reviewer: str, lease_s: float, claim_id: str) -> Event:
    claim = {"claim": claim_id} if claim_id else {}
    return _of(review, "ReviewLeased", lease=lease, reviewer=reviewer, lease_s=lease_s, **claim)


def lease_expired(review: Review, lease: int, reviewer: str) -> Event:
    return _of(review, "LeaseExpired", lease=lease, reviewer=reviewer, **_way_back(review))


def released(review: Review, lease: int, reviewer: str, reason: str) -> Event:
    return _of(review, "ReviewReleased", lease=lease, reviewer=reviewer, reason=reason, **_way_back(review))


def escalated(review: Review, lease: int, reviewer: str, reason: str) -> Event:
    return _of(review, "ReviewEscalated", lease=lease, reviewer=reviewer, reason=reason, **_to_experts(review, reason))


def skipped(review: Review, lease: int, reviewer: str, reason: str) -> Event:
    """Who was meant in person has passed it on: it is anybody's then."""
    way = _way_back(review)
    assigned = None if way["assigned"] == f"person:{reviewer}" else way["assigned"]
    return _of(review, "ReviewSkipped", lease=lease, reviewer=reviewer, reason=reason, **{**way, "assigned": assigned})


def delegated(review: Review, command: Delegate) -> Event:
    way = {**_stay(review), "assigned": command.to}
    return _of(review, "ReviewDelegated", lease=command.lease, reviewer=command.reviewer, reason=command.reason, **way)


def sent_back(review: Review, command: SendBack) -> Event:
    way = {"queue": review.task, "priority": Priority.HIGH.value, "escalation": command.reason, "assigned": None}
    return _of(review, "ReviewSentBack", lease=command.lease, reviewer=command.reviewer, reason=command.reason, **way)


def failed(review: Review, command: ReportFailure) -> Event:
    said = {"lease": command.lease, "reviewer": command.reviewer, "kind": command.kind, "detail": command.detail}
    return _of(review, "ReviewFailed", **said, **_way_back(review))


def quarantined(review: Review, reason: str) -> Event:
    return _of(review, "ReviewQuarantined", reason=reason)


def requeued(review: Review, by: str, reason: str) -> Event:
    return _of(review, "ReviewRequeued", by=by, reason=reason)


def draft_saved(review: Review, command: SaveDraft) -> Event:
    return _of(review, "DraftSaved", lease=command.lease, reviewer=command.reviewer, draft=command.draft)


def assigned(review: Review, command: Assign) -> Event:
    """``lease`` is the one that its holder loses by it, None where nobody held the review."""
    lease = review.lease.id if review.lease else None
    way = {**_stay(review), "assigned": command.to}
    return _of(review, "ReviewAssigned", by=command.by, reason=command.reason, lease=lease, **way)


def due_soon(review: Review) -> Event:
    return _of(review, "ReviewDueSoon", due_at=review.due_at)


def overdue(review: Review, reason: str) -> Event:
    """A leased review keeps its place on paper: it moves when its holder gives it back."""
    stays = {**_stay(review), "escalation": reason}
    return _of(review, "ReviewOverdue", reason=reason, **(stays if review.lease else _to_experts(review, reason)))


def answered(review: Review, command: Decide, expert_reason: str | None, preferred: str | None = None) -> Event:
    """One answer that does not end the review: it waits for another person, best for ``preferred``, or for an expert because of
    ``expert_reason``."""
    goes = _way_back(review) if expert_reason is None else _to_experts(review, expert_reason)
    return _of(review, "ReviewAnswered", **_said(review, command), label=command.label, preferred=preferred, **goes)


def decided(review: Review, command: Decide, settled: Settled, final_at: float) -> Event:
    """The answer that ends the review, with the label that all of its answers come to; ``answer`` is this person's own."""
    said = _said(review, command)
    return _of(
        review,
        "ReviewDecided",
        **said,
        answer=command.label,
        label=settled.label,
        reviewers=[*(answer["reviewer"] for answer in review.answers), command.reviewer],
        agreement=settled.agreement,
        posterior=settled.posterior,
        final_at=final_at,
        agrees_with_model=None if review.prediction is None else settled.label == review.prediction,
    )


def undone(review: Review, lease: int, lease_s: float, reviewer: str, reason: str) -> Event:
    """The answer is taken back, and its giver holds the review again."""
    return _of(review, "DecisionUndone", lease=lease, reviewer=reviewer, lease_s=lease_s, reason=reason)


def final(review: Review, label: str, reviewers: list[str], agrees: bool | None, is_outcome: bool) -> Event:
    """``is_outcome``: the case had no other outcome before."""
    return _of(
        review,
        "DecisionFinal",
        label=label,
        reviewers=reviewers,
        agrees_with_model=agrees,
        purpose=review.purpose,
        client=review.client,
        is_outcome=is_outcome,
    )


def superseded(review: Review, before: str | None, after: str, by: str, reason: str) -> Event:
    """The case's outcome is ``after`` from now on, in place of ``before``."""
    fields = {"from": before, "to": after, "by": by, "reason": reason, "client": review.client}
    return _of(review, "DecisionSuperseded", **fields)


def _said(review: Review, command: Decide) -> Event:
    return {
        "lease": command.lease,
        "reviewer": command.reviewer,
        "confidence": float(command.confidence),
        "comment": command.comment,
        "is_expert": review.is_with_experts,
        "seen": _seen(review),
    }


def _seen(review: Review) -> Event:
    """What the person had before them, and since when: with the entry's time, how long they looked."""
    return {
        "digest": review.payload_digest,
        "model_version": review.model_version,
        "policy_version": review.policy_version,
        "opened_at": review.opened_at,
        "granted_at": review.lease.granted_at if review.lease else None,
        "due_at": review.due_at,
    }


def _of(review: Review, event_type: str, **fields: Any) -> Event:
    return {"type": event_type, "case_id": review.case_id, "review_id": review.review_id, "task": review.task, **fields}


def _way_back(review: Review) -> Event:
    if review.is_overdue:
        return _to_experts(review, review.escalation)
    return _stay(review)


def _stay(review: Review) -> Event:
    return {
        "queue": review.queue,
        "priority": review.priority.value,
        "escalation": review.escalation,
        "assigned": review.assigned,
    }


def _to_experts(review: Review, reason: str | None) -> Event:
    return {"queue": expert_queue(review.task), "priority": Priority.URGENT.value, "escalation": reason, "assigned": None}
