"""Ask a person for approval, wait for the answer, and go on only after a yes."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Self, TypeVar

from hitl.client.api import Api
from hitl.client.calls import HttpCall, new_key
from hitl.client.environment import ClientSettings
from hitl.client.errors import ApiError, ServiceUnreachable
from hitl.client.free_json import JsonObject
from hitl.client.human_layer_types import (
    GRANTED,
    ApprovalStatus,
    AskedOption,
    ComplianceResult,
    HumanApprovalRequest,
    HumanApprovalResponse,
    HumanLayerMetrics,
    SecurityAnalysis,
)
from hitl.client.synchronous import Client

A = TypeVar("A")

WAIT_S = 30.0
"""One long poll."""

CONFLICT = 409

EXECUTE_OR_REJECT: tuple[AskedOption, ...] = (
    {"label": "Execute", "value": "execute"},
    {"label": "Reject", "value": "reject", "recommended": True},
)
PUBLISH_OR_NOT: tuple[AskedOption, ...] = (
    {"label": "Compliant", "value": "compliant"},
    {"label": "Needs changes", "value": "changes"},
    {"label": "Reject", "value": "reject"},
)
APPROVE_OR_DENY: tuple[AskedOption, ...] = ({"label": "Approve", "value": "approve"}, {"label": "Deny", "value": "deny"})


class HumanLayer:
    """``clients`` are the service's addresses in their order: when one is unreachable the next is asked the same, under the
    same key. When none answers, ServiceUnreachable is raised: that is never an answer."""

    def __init__(self, clients: Sequence[Client], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._clients, self._monotonic = clients, monotonic

    @classmethod
    def from_environment(cls) -> Self:
        """HITL_API_URL (HUMAN_LAYER_BASE_URL), HITL_API_KEY (HUMAN_LAYER_API_KEY), further addresses in HITL_API_FALLBACKS."""
        settings = ClientSettings()
        return cls([Client(url, settings.api_key) for url in settings.addresses])

    def request_approval(self, request: HumanApprovalRequest, wait_s: float | None = None) -> HumanApprovalResponse:
        """Asks, and blocks until it is decided, has expired, or ``wait_s`` is over (None: however long it takes)."""
        return self._answer(self.open_approval(request), wait_s)

    def open_approval(self, request: HumanApprovalRequest) -> str:
        """Asks and returns at once with the id."""
        return self._send(Api.open_approval(request.body(), request.id or new_key()))["approval_id"]

    def request_code_execution_approval(
        self, code: str, environment: str, user_id: str, language: str = "python", wait_s: float | None = None
    ) -> HumanApprovalResponse:
        """Ask for an approval. The approvers see the code, and what bandit and the rules for SQL and shell say of it."""
        context = {"code": code, "language": language, "environment": environment}
        title = f"Run this {language} code in {environment}?"
        asked = HumanApprovalRequest("code_execution", title, "", context, EXECUTE_OR_REJECT, "high", None, {"user_id": user_id})
        return self.request_approval(asked, wait_s)

    def request_content_approval(
        self, content: str, channel: str, user_id: str, wait_s: float | None = None
    ) -> HumanApprovalResponse:
        """Ask for an approval. The approvers see the content, and what every policy says of it."""
        context = {"content": content, "channel": channel}
        title = f"Publish this to {channel}?"
        asked = HumanApprovalRequest("content_publishing", title, "", context, PUBLISH_OR_NOT, metadata={"user_id": user_id})
        return self.request_approval(asked, wait_s)

    def request_workflow_approval(
        self, workflow_id: str, question: str, context: Mapping[str, object], wait_s: float | None = None
    ) -> HumanApprovalResponse:
        shown = {**context, "workflow_id": workflow_id}
        return self.request_approval(HumanApprovalRequest("workflow", question, "", shown, APPROVE_OR_DENY), wait_s)

    def get_approval_status(self, request_id: str, wait_s: float = 0.0) -> ApprovalStatus:
        """As it stands, at the latest after ``wait_s`` (0-60), earlier when it is decided."""
        found = self._send(Api.approval(request_id, wait_s))["approval"]
        return ApprovalStatus(request_id, found["status"], found["choice"], found["expires_at"], found["tally"], found)

    def cancel_approval(self, request_id: str, reason: str = "") -> bool:
        """Tell whether it was withdrawn; False when it was decided already."""
        try:
            self._send(Api.cancel_approval(request_id, reason))
        except ApiError as error:
            if error.status != CONFLICT:
                raise
            return False
        return True

    def get_metrics(self) -> HumanLayerMetrics:
        told = self._send(Api.approval_figures())
        return HumanLayerMetrics(
            told["total"],
            told["pending"],
            told["approval_rate"],
            told["rejection_rate"],
            told["timeout_rate"],
            told["average_decision_s"],
            told["by_kind"],
            told["by_status"],
        )

    def get_approval_audit_trail(
        self, request_id: str, include_comments: bool = False, include_metadata: bool = False
    ) -> list[JsonObject]:
        """Return what happened, oldest first; each entry has ``type``, ``at`` and the fields of its event."""
        return self._send(Api.approval_trail(request_id, include_comments, include_metadata))["entries"]

    def analyze_code_security(self, code: str, language: str = "python") -> SecurityAnalysis:
        told = self._send(Api.check_code(code, language))
        return SecurityAnalysis(told["is_safe"], told["severity"], tuple(told["findings"]))

    def check_content_compliance(self, content: str, policies: Sequence[str] = ()) -> ComplianceResult:
        told = self._send(Api.check_content(content, policies))
        return ComplianceResult(told["is_compliant"], told["severity"], tuple(told["policies"]), tuple(told["findings"]))

    def check_health(self) -> bool:
        """Tell whether the service can answer now."""
        try:
            self._send(Api.ready())
        except (ApiError, ServiceUnreachable):
            return False
        return True

    def _answer(self, approval_id: str, wait_s: float | None) -> HumanApprovalResponse:
        deadline = float("inf") if wait_s is None else self._monotonic() + wait_s
        while True:
            left_s = max(0.0, deadline - self._monotonic())
            found = self.get_approval_status(approval_id, min(left_s, WAIT_S))
            if not found.is_pending or self._monotonic() >= deadline:
                return response_of(found)

    def _send(self, call: HttpCall[A]) -> A:
        for client in self._clients[:-1]:
            try:
                return client.send(call)
            except ServiceUnreachable:
                continue  # the next address is asked the same
        return self._clients[-1].send(call)


def response_of(found: ApprovalStatus) -> HumanApprovalResponse:
    votes = found.approval["votes"]
    approvers = tuple(vote["voter"] for vote in votes if vote["vote"] == "approve")
    comments = tuple(vote["comment"] for vote in votes if vote["comment"])
    is_granted, reason = found.status in GRANTED, found.approval["closing_reason"]
    return HumanApprovalResponse(found.id, is_granted, found.status, found.choice, approvers, comments, reason)
