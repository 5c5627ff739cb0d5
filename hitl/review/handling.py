"""What the holder of a review does with it, short of answering."""

from typing import Any

from hitl.canonical import canonical
from hitl.errors import InvalidInput
from hitl.machine.machine import Outcome
from hitl.review import events
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
from hitl.review.find import holding
from hitl.review.state import Review, ReviewState
from hitl.review.terms import Terms
from hitl.review.views import FailedReview, ReturnedReview, SavedDraft
from hitl.routing.route import Priority
from hitl.text_limits import check_text

MAX_DRAFT_BYTES = 8_192
FAILURES = ("render", "crash")


def handle(state: ReviewState, command: HeldCommand, terms: Terms) -> Outcome:
    """Raises NotFound, AlreadyDecided, StaleLease, InvalidInput."""
    review = holding(state, command.review_id, command.lease, command.reviewer)
    match command:
        case Release():
            check_text("/reason", command.reason)
            return _back(events.released(review, command.lease, command.reviewer, command.reason))
        case Skip():
            check_text("/reason", command.reason)
            return _back(events.skipped(review, command.lease, command.reviewer, command.reason))
        case Escalate():
            check_text("/reason", command.reason)
            reason = command.reason or "human escalation"
            return _back(events.escalated(review, command.lease, command.reviewer, reason))
        case Delegate():
            return _delegate(review, command)
        case SendBack():
            return _send_back(review, command)
        case SaveDraft():
            return _save_draft(review, command)
        case ReportFailure():
            return _fail(review, command, terms)


def _delegate(review: Review, command: Delegate) -> Outcome:
    check_text("/reason", command.reason)
    check_target(command.to)
    return _back(events.delegated(review, command))


def _send_back(review: Review, command: SendBack) -> Outcome:
    check_text("/reason", command.reason)
    if not review.is_with_experts:
        raise InvalidInput("/review_id", "a review in the experts' queue")
    return _back(events.sent_back(review, command))


def _save_draft(review: Review, command: SaveDraft) -> Outcome:
    if len(canonical(command.draft)) > MAX_DRAFT_BYTES:
        raise InvalidInput("/draft", f"at most {MAX_DRAFT_BYTES} bytes of JSON")
    event = events.draft_saved(review, command)
    return Outcome([event], SavedDraft(review.case_id, review.review_id, command.draft))


def _fail(review: Review, command: ReportFailure, terms: Terms) -> Outcome:
    """Only what clients report counts: an expired lease says nothing about the review."""
    check_text("/detail", command.detail)
    if command.kind not in FAILURES:
        raise InvalidInput("/kind", f"one of {', '.join(FAILURES)}")
    happened = [events.failed(review, command)]
    failures = review.failures + 1
    is_over = failures >= terms.of(review.task).quarantine_after
    if is_over:
        happened.append(events.quarantined(review, f"{failures} failures were reported, the last: {command.kind}"))
    return Outcome(happened, FailedReview(**_place(happened[0]), failures=failures, is_quarantined=is_over))


def _back(event: dict[str, Any]) -> Outcome:
    return Outcome([event], ReturnedReview(**_place(event)))


def _place(event: dict[str, Any]) -> dict[str, Any]:
    place = {name: event[name] for name in ("case_id", "review_id", "queue", "assigned")}
    return {**place, "priority": Priority(event["priority"])}
