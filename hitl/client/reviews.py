"""The API's calls about reviews."""

from collections.abc import Mapping
from typing import TypedDict, TypeVar

from hitl.client.answer_types import (
    AmendedDecision,
    AssignedReview,
    CallersQueue,
    DecidedReview,
    FailedReview,
    HandedOnReview,
    KeptLease,
    QueueDepths,
    QueueForecast,
    ReopenedReview,
    RequeuedReview,
    ReturnedReview,
    ReviewAtHand,
    SavedDraft,
    ShownReview,
    UndoneDecision,
    WaitingPage,
)
from hitl.client.calls import HttpCall, get, post
from hitl.client.operations import ApiOperation, Mode, Operations

A = TypeVar("A")


class ReviewsToAnswer(TypedDict, total=False):
    """``review`` is the first of ``reviews``; neither is there when there is nothing to claim."""

    review: ReviewAtHand
    reviews: list[ReviewAtHand]


class ReviewApi(Operations[Mode]):
    """Each method sends one call; see hitl.client.api.Api."""

    @ApiOperation
    def queues(self) -> HttpCall[QueueDepths]:
        return get("v1", "queues")

    @ApiOperation
    def queue(self, queue: str) -> HttpCall[CallersQueue]:
        """Return one queue, how much of it is the caller's, and why that is nothing."""
        return get("v1", "queues", queue)

    @ApiOperation
    def waiting(self, queue: str, limit: int = 10) -> HttpCall[WaitingPage]:
        """Return the next reviews of the queue, without claiming them."""
        return get("v1", "queues", queue, "reviews", limit=limit)

    @ApiOperation
    def forecast(self, queue: str, hours: float = 4.0) -> HttpCall[QueueForecast]:
        """Forecast the number of people that the queue needs within ``hours``."""
        return get("v1", "queues", queue, "forecast", hours=hours)

    @ApiOperation
    def claim(
        self, queue: str, lease_s: float | None = None, key: str | None = None, count: int = 1
    ) -> HttpCall[ReviewsToAnswer]:
        """Lease the most pressing reviews of ``queue``: ``{"review": …, "reviews": […]}``, ``{}`` when there is nothing."""
        body = {"count": count} if lease_s is None else {"count": count, "lease_s": lease_s}
        return post("v1", "queues", queue, "claim", body=body, key=key)

    @ApiOperation
    def review(self, review_id: str) -> HttpCall[ShownReview]:
        return get("v1", "reviews", review_id)

    @ApiOperation
    def heartbeat(self, review_id: str, lease: int) -> HttpCall[KeptLease]:
        """Let the lease run anew."""
        return _on(review_id, "heartbeat", {"lease": lease})

    @ApiOperation
    def answer(
        self,
        review_id: str,
        lease: int,
        label: str = "",
        confidence: float = 1.0,
        comment: str = "",
        key: str | None = None,
        value: Mapping[str, object] | None = None,
    ) -> HttpCall[DecidedReview | HandedOnReview]:
        """Give the true label of a review that the caller holds, or the true ``value`` where its task's answers are values; both
        where ``value`` is added to the label, such as the correction of what is rejected."""
        told = ({"label": label} if label or value is None else {}) | ({} if value is None else {"value": dict(value)})
        body = {"lease": lease, **told, "confidence": confidence, "comment": comment}
        return _on(review_id, "decision", body, key)

    @ApiOperation
    def release(self, review_id: str, lease: int, reason: str = "", key: str | None = None) -> HttpCall[ReturnedReview]:
        """Give the review back to its place in the queue."""
        return _on(review_id, "release", {"lease": lease, "reason": reason}, key)

    @ApiOperation
    def skip(self, review_id: str, lease: int, reason: str, key: str | None = None) -> HttpCall[ReturnedReview]:
        """Pass the review on: it does not come back while others can take it."""
        return _on(review_id, "skip", {"lease": lease, "reason": reason}, key)

    @ApiOperation
    def escalate(self, review_id: str, lease: int, reason: str, key: str | None = None) -> HttpCall[ReturnedReview]:
        """Hand the review to the experts."""
        return _on(review_id, "escalate", {"lease": lease, "reason": reason}, key)

    @ApiOperation
    def delegate(self, review_id: str, lease: int, to: str, reason: str = "", key: str | None = None) -> HttpCall[ReturnedReview]:
        """Hand the review to ``person:<id>``, ``role:<role>`` or ``skill:<skill>``."""
        return _on(review_id, "delegate", {"lease": lease, "to": to, "reason": reason}, key)

    @ApiOperation
    def send_back(self, review_id: str, lease: int, reason: str, key: str | None = None) -> HttpCall[ReturnedReview]:
        """Give an escalated review back to the ordinary queue."""
        return _on(review_id, "send-back", {"lease": lease, "reason": reason}, key)

    @ApiOperation
    def save_draft(self, review_id: str, lease: int, draft: Mapping[str, object], key: str | None = None) -> HttpCall[SavedDraft]:
        """Keep an unfinished answer on the server."""
        return _on(review_id, "draft", {"lease": lease, "draft": dict(draft)}, key)

    @ApiOperation
    def report_failure(
        self, review_id: str, lease: int, kind: str, detail: str = "", key: str | None = None
    ) -> HttpCall[FailedReview]:
        """Say that the review could not be shown (``render``) or broke the client (``crash``)."""
        return _on(review_id, "failure", {"lease": lease, "kind": kind, "detail": detail}, key)

    @ApiOperation
    def undo(self, review_id: str, reason: str = "", key: str | None = None) -> HttpCall[UndoneDecision]:
        """Take the caller's own answer back inside the undo window; they hold the review again."""
        return _on(review_id, "undo", {"reason": reason}, key)

    @ApiOperation
    def amend(self, review_id: str, label: str, reason: str, key: str | None = None) -> HttpCall[AmendedDecision]:
        """Replace a final decision by a superseding one."""
        return _on(review_id, "amend", {"label": label, "reason": reason}, key)

    @ApiOperation
    def reopen(
        self, review_id: str, reason: str, to: str | None = None, to_experts: bool = False, key: str | None = None
    ) -> HttpCall[ReopenedReview]:
        """Open a new review of the decided case."""
        return _on(review_id, "reopen", {"reason": reason, "to": to, "to_experts": to_experts}, key)

    @ApiOperation
    def assign(self, review_id: str, to: str | None, reason: str = "", key: str | None = None) -> HttpCall[AssignedReview]:
        """Let only ``to`` take the review; None lifts that."""
        return _on(review_id, "assign", {"to": to, "reason": reason}, key)

    @ApiOperation
    def requeue(self, review_id: str, reason: str = "", key: str | None = None) -> HttpCall[RequeuedReview]:
        """Let the review out of quarantine."""
        return _on(review_id, "requeue", {"reason": reason}, key)


def _on(review_id: str, what: str, body: Mapping[str, object], key: str | None = None) -> HttpCall[A]:
    return post("v1", "reviews", review_id, what, body=body, key=key)
