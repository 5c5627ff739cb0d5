"""What the holder of a review does with it, short of answering."""

from hitl.canonical import canonical
from hitl.errors import InvalidInput
from hitl.machine.machine import Outcome
from hitl.review.assigning import check_target
from hitl.review.commands import (
    Delegate,
    Escalate,
    HeldCommand,
    Release,
    ReportFailure,
    SaveDraft,
    SendBack,
    Skip,
)
from hitl.review.event_fields import GivenBack
from hitl.review.event_sources import PlaceFields, go_back, go_to_experts, ids_of, stay
from hitl.review.events import (
    DraftSaved,
    ReviewDelegated,
    ReviewEscalated,
    ReviewFailed,
    ReviewQuarantined,
    ReviewReleased,
    ReviewSentBack,
    ReviewSkipped,
)
from hitl.review.find import holding
from hitl.review.state import Review, ReviewState
from hitl.review.terms import Terms
from hitl.routing.action import Priority
from hitl.text_limits import check_text

MAX_DRAFT_BYTES = 8_192
FAILURES = ("render", "crash")


def handle(state: ReviewState, command: HeldCommand, terms: Terms) -> Outcome:
    """Raises NotFound, AlreadyDecided, StaleLease, InvalidInput."""
    review = holding(state, command.review_id, command.lease, command.reviewer)
    match command:
        case Release() | Skip() | Escalate():
            check_text("/reason", command.reason)
            return _back(_given_back(review, command))
        case Delegate():
            return _delegate(review, command)
        case SendBack():
            return _send_back(review, command)
        case SaveDraft():
            return _save_draft(review, command)
        case ReportFailure():
            return _fail(review, command, terms)


def _given_back(review: Review, command: Release | Skip | Escalate) -> GivenBack:
    ids, lease, reviewer = ids_of(review), command.lease, command.reviewer
    match command:
        case Release():
            return ReviewReleased(**ids, **go_back(review), lease=lease, reviewer=reviewer, reason=command.reason)
        case Skip():
            place = _passed_on(review, reviewer)
            return ReviewSkipped(**ids, **place, lease=lease, reviewer=reviewer, reason=command.reason)
        case Escalate():
            reason = command.reason or "human escalation"
            return ReviewEscalated(**ids, **go_to_experts(review, reason), lease=lease, reviewer=reviewer, reason=reason)


def _passed_on(review: Review, reviewer: str) -> PlaceFields:
    """Who was meant in person has passed it on: it is anybody's then."""
    place = go_back(review)
    if place["assigned"] == f"person:{reviewer}":
        place["assigned"] = None
    return place


def _delegate(review: Review, command: Delegate) -> Outcome:
    check_text("/reason", command.reason)
    check_target(command.to)
    place = stay(review)
    place["assigned"] = command.to
    return _back(
        ReviewDelegated(**ids_of(review), **place, lease=command.lease, reviewer=command.reviewer, reason=command.reason)
    )


def _send_back(review: Review, command: SendBack) -> Outcome:
    check_text("/reason", command.reason)
    if not review.is_with_experts:
        raise InvalidInput("/review_id", "a review in the experts' queue")
    return _back(
        ReviewSentBack(
            **ids_of(review),
            queue=review.task,
            priority=Priority.HIGH,
            escalation=command.reason,
            assigned=None,
            lease=command.lease,
            reviewer=command.reviewer,
            reason=command.reason,
        )
    )


def _save_draft(review: Review, command: SaveDraft) -> Outcome:
    if len(canonical(command.draft)) > MAX_DRAFT_BYTES:
        raise InvalidInput("/draft", f"at most {MAX_DRAFT_BYTES} bytes of JSON")
    event = DraftSaved(**ids_of(review), lease=command.lease, reviewer=command.reviewer, draft=command.draft)
    return Outcome([event], {"case_id": review.case_id, "review_id": review.review_id, "draft": command.draft})


def _fail(review: Review, command: ReportFailure, terms: Terms) -> Outcome:
    """Only what clients report counts: an expired lease says nothing about the review."""
    check_text("/detail", command.detail)
    if command.kind not in FAILURES:
        raise InvalidInput("/kind", f"one of {', '.join(FAILURES)}")
    failed = ReviewFailed(
        **ids_of(review),
        **go_back(review),
        lease=command.lease,
        reviewer=command.reviewer,
        kind=command.kind,
        detail=command.detail,
    )
    failures = review.failures + 1
    is_over = failures >= terms.of(review.task).quarantine_after
    reason = f"{failures} failures were reported, the last: {command.kind}"
    ends = [ReviewQuarantined(**ids_of(review), reason=reason)] if is_over else []
    return Outcome([failed, *ends], {**_back(failed).answer, "failures": failures, "is_quarantined": is_over})


def _back(event: GivenBack) -> Outcome:
    names = ("case_id", "review_id", "queue", "priority", "assigned")
    return Outcome([event], {name: getattr(event, name) for name in names})
