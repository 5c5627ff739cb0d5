"""The API's calls about reviews."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from hitl.client.calls import HttpCall, get, post

Answer = TypeVar("Answer")


class ReviewApi(Generic[Answer]):
    """Each method sends one call; see hitl.client.api.Api."""

    @abstractmethod
    def send(self, call: HttpCall) -> Answer:
        """The answer to ``call``, repeated while that is useful."""

    def queues(self) -> Answer:
        return self.send(get("v1", "queues"))

    def queue(self, queue: str) -> Answer:
        """One queue, how much of it is the caller's, and why that is nothing."""
        return self.send(get("v1", "queues", queue))

    def waiting(self, queue: str, limit: int = 10) -> Answer:
        """The next reviews of the queue, without claiming them."""
        return self.send(get("v1", "queues", queue, "reviews", limit=limit))

    def forecast(self, queue: str, hours: float = 4.0) -> Answer:
        """Forecast the number of people that the queue needs within ``hours``."""
        return self.send(get("v1", "queues", queue, "forecast", hours=hours))

    def claim(self, queue: str, lease_s: float | None = None, key: str | None = None, count: int = 1) -> Answer:
        """Lease the most pressing reviews of ``queue``: ``{"review": …, "reviews": […]}``, ``{}`` when there is nothing."""
        body = {"count": count} if lease_s is None else {"count": count, "lease_s": lease_s}
        return self.send(post("v1", "queues", queue, "claim", body=body, key=key))

    def review(self, review_id: str) -> Answer:
        return self.send(get("v1", "reviews", review_id))

    def heartbeat(self, review_id: str, lease: int) -> Answer:
        """Let the lease run anew."""
        return self._on(review_id, "heartbeat", {"lease": lease})

    def answer(
        self, review_id: str, lease: int, label: str, confidence: float = 1.0, comment: str = "", key: str | None = None
    ) -> Answer:
        """Give the true label of a review that the caller holds."""
        body = {"lease": lease, "label": label, "confidence": confidence, "comment": comment}
        return self._on(review_id, "decision", body, key)

    def release(self, review_id: str, lease: int, reason: str = "", key: str | None = None) -> Answer:
        """Give the review back to its place in the queue."""
        return self._on(review_id, "release", {"lease": lease, "reason": reason}, key)

    def skip(self, review_id: str, lease: int, reason: str, key: str | None = None) -> Answer:
        """Pass the review on: it does not come back while others can take it."""
        return self._on(review_id, "skip", {"lease": lease, "reason": reason}, key)

    def escalate(self, review_id: str, lease: int, reason: str, key: str | None = None) -> Answer:
        """Hand the review to the experts."""
        return self._on(review_id, "escalate", {"lease": lease, "reason": reason}, key)

    def delegate(self, review_id: str, lease: int, to: str, reason: str = "", key: str | None = None) -> Answer:
        """Hand the review to ``person:<id>``, ``role:<role>`` or ``skill:<skill>``."""
        return self._on(review_id, "delegate", {"lease": lease, "to": to, "reason": reason}, key)

    def send_back(self, review_id: str, lease: int, reason: str, key: str | None = None) -> Answer:
        """Give an escalated review back to the ordinary queue."""
        return self._on(review_id, "send-back", {"lease": lease, "reason": reason}, key)

    def save_draft(self, review_id: str, lease: int, draft: Mapping[str, Any], key: str | None = None) -> Answer:
        """Keep an unfinished answer on the server."""
        return self._on(review_id, "draft", {"lease": lease, "draft": dict(draft)}, key)

    def report_failure(self, review_id: str, lease: int, kind: str, detail: str = "", key: str | None = None) -> Answer:
        """Say that the review could not be shown (``render``) or broke the client (``crash``)."""
        return self._on(review_id, "failure", {"lease": lease, "kind": kind, "detail": detail}, key)

    def undo(self, review_id: str, reason: str = "", key: str | None = None) -> Answer:
        """Take the caller's own answer back inside the undo window; they hold the review again."""
        return self._on(review_id, "undo", {"reason": reason}, key)

    def amend(self, review_id: str, label: str, reason: str, key: str | None = None) -> Answer:
        """Replace a final decision by a superseding one."""
        return self._on(review_id, "amend", {"label": label, "reason": reason}, key)

    def reopen(
        self, review_id: str, reason: str, to: str | None = None, to_experts: bool = False, key: str | None = None
    ) -> Answer:
        """Open a new review of the decided case."""
        return self._on(review_id, "reopen", {"reason": reason, "to": to, "to_experts": to_experts}, key)

    def assign(self, review_id: str, to: str | None, reason: str = "", key: str | None = None) -> Answer:
        """Let only ``to`` take the review; None lifts that."""
        return self._on(review_id, "assign", {"to": to, "reason": reason}, key)

    def requeue(self, review_id: str, reason: str = "", key: str | None = None) -> Answer:
        """Let the review out of quarantine."""
        return self._on(review_id, "requeue", {"reason": reason}, key)

    def _on(self, review_id: str, what: str, body: Mapping[str, Any], key: str | None = None) -> Answer:
        return self.send(post("v1", "reviews", review_id, what, body=body, key=key))
