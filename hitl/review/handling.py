"""What the holder of a review does with it, short of answering."""

from hitl.canonical import canonical
from hitl.errors import InvalidInput
from hitl.machine.machine import Outcome
from hitl.review.assigning import check_target
from hitl.review.commands import (
    DelegateReview,
    Escalate,
    HeldCommand,
    Release,
    ReportFailure,
    SaveDraft,
    SendBack,
    Skip,
)
from hitl.review.event_fields import GivenBack
from hitl.review.event_sources import PlaceFields, go_back, go_to_experts, go_to_ordinary_queue, ids_of, stay
from hitl.review.find import holding
from hitl.review.handling_events import (
    DraftSaved,
    ReviewDelegated,
    ReviewEscalated,
    ReviewFailed,
    ReviewQuarantined,
    ReviewReleased,
    ReviewSentBack,
    ReviewSkipped,
)
from hitl.review.state import Review, ReviewState
from hitl.review.terms import QueueTerms
from hitl.review.views import FailedReview, ReturnedReview, SavedDraft
from hitl.sealing.fields import is_sealed
from hitl.text_limits import check_text

MAX_DRAFT_BYTES = 8_192
MAX_SEALED_DRAFT_BYTES = 4 * (MAX_DRAFT_BYTES + 30) // 3 + 16
"""Of the sealed form of a draft: base64 of nonce, cipher text and tag, as JSON."""

FAILURES = ("render", "crash")


def handle(state: ReviewState, command: HeldCommand, terms: QueueTerms) -> Outcome:
    """Raises NotFound, AlreadyDecided, StaleLease, InvalidInput."""
    review = holding(state, command.review_id, command.lease, command.reviewer)
    match command:
        case Release():
            return _release(review, command)
        case Skip():
            return _skip(review, command)
        case Escalate():
            return _escalate(review, command)
        case DelegateReview():
            return _delegate(review, command)
        case SendBack():
            return _send_back(review, command)
        case SaveDraft():
            return _save_draft(review, command)
        case ReportFailure():
            return _fail(review, command, terms)


def _release(review: Review, command: Release) -> Outcome:
    check_text("/reason", command.reason)
    ids, place = ids_of(review), go_back(review)
    event = ReviewReleased(**ids, **place, lease=command.lease, reviewer=command.reviewer, reason=command.reason)
    return _back(event, place)


def _skip(review: Review, command: Skip) -> Outcome:
    """Who was meant in person has passed it on: it is anybody's then."""
    check_text("/reason", command.reason)
    ids, place = ids_of(review), go_back(review)
    if place["assigned"] == f"person:{command.reviewer}":
        place["assigned"] = None
    event = ReviewSkipped(**ids, **place, lease=command.lease, reviewer=command.reviewer, reason=command.reason)
    return _back(event, place)


def _escalate(review: Review, command: Escalate) -> Outcome:
    check_text("/reason", command.reason)
    reason = command.reason or "human escalation"
    ids, place = ids_of(review), go_to_experts(review, reason)
    event = ReviewEscalated(**ids, **place, lease=command.lease, reviewer=command.reviewer, reason=reason)
    return _back(event, place)


def _delegate(review: Review, command: DelegateReview) -> Outcome:
    check_text("/reason", command.reason)
    check_target(command.to)
    ids, place = ids_of(review), stay(review)
    place["assigned"] = command.to
    event = ReviewDelegated(**ids, **place, lease=command.lease, reviewer=command.reviewer, reason=command.reason)
    return _back(event, place)


def _send_back(review: Review, command: SendBack) -> Outcome:
    check_text("/reason", command.reason)
    if not review.is_with_experts:
        raise InvalidInput("/review_id", "a review in the experts' queue")
    ids, place = ids_of(review), go_to_ordinary_queue(review, command.reason)
    event = ReviewSentBack(**ids, **place, lease=command.lease, reviewer=command.reviewer, reason=command.reason)
    return _back(event, place)


def _save_draft(review: Review, command: SaveDraft) -> Outcome:
    if len(canonical(command.draft)) > (MAX_SEALED_DRAFT_BYTES if is_sealed(command.draft) else MAX_DRAFT_BYTES):
        raise InvalidInput("/draft", f"at most {MAX_DRAFT_BYTES} bytes of JSON")
    event = DraftSaved(**ids_of(review), lease=command.lease, reviewer=command.reviewer, draft=command.draft)
    return Outcome([event], SavedDraft(review.case_id, review.review_id, command.draft))


def _fail(review: Review, command: ReportFailure, terms: QueueTerms) -> Outcome:
    """Only what clients report counts: an expired lease says nothing about the review."""
    check_text("/detail", command.detail)
    if command.kind not in FAILURES:
        raise InvalidInput("/kind", f"one of {', '.join(FAILURES)}")
    place = go_back(review)
    failed = ReviewFailed(
        **ids_of(review),
        **place,
        lease=command.lease,
        reviewer=command.reviewer,
        kind=command.kind,
        detail=command.detail,
    )
    failures = review.failures + 1
    is_over = failures >= terms.of(review.task).quarantine_after
    reason = f"{failures} failures were reported, the last: {command.kind}"
    ends = [ReviewQuarantined(**ids_of(review), reason=reason)] if is_over else []
    told = FailedReview(
        case_id=review.case_id,
        review_id=review.review_id,
        queue=place["queue"],
        priority=place["priority"],
        assigned=place["assigned"],
        failures=failures,
        is_quarantined=is_over,
    )
    return Outcome([failed, *ends], told)


def _back(event: GivenBack, place: PlaceFields) -> Outcome:
    told = ReturnedReview(event.case_id, event.review_id, place["queue"], place["priority"], place["assigned"])
    return Outcome([event], told)
