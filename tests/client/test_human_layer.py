"""The documents' calls: what each sends, and that nothing but people's yes is a yes."""

import json
from typing import Any

import httpx2
import pytest

from hitl.client import Client
from hitl.client.environment import ClientSettings
from hitl.client.errors import ServiceUnreachable
from hitl.client.human_layer import HumanLayer
from hitl.client.human_layer_types import HumanApprovalRequest
from hitl.client.patience import Patience

METRICS = {"total": 3, "pending": 1, "approval_rate": 0.5, "rejection_rate": 0.5, "timeout_rate": 0.0}
TIMES = {"average_decision_s": 9.0, "median_decision_s": 9.0, "by_kind": {"custom": 3}, "by_status": {"pending": 1}}
FINDING = {"line": 2, "rule": "shell-remove-tree", "reason": "removes a whole tree of files", "severity": "high"}


class Service:
    """Answers as the service does, and keeps what it was asked. The approval has ``status`` from the first look on."""

    def __init__(self, status: str = "approved") -> None:
        self.status, self.asked = status, list[tuple[str, str, Any]]()

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.content) if request.content else dict(request.url.params)
        self.asked.append((request.method, request.url.path, body))
        if request.url.path.endswith("/cancel") and self.status != "pending":
            headers = {"content-type": "application/problem+json"}
            return httpx2.Response(409, json={"type": "urn:ray-hitl:problem:approval-closed"}, headers=headers)
        return httpx2.Response(200, json=self.answer(request.url.path))

    def answer(self, path: str) -> dict[str, Any]:
        vote = {"voter": "ann", "vote": "approve", "comment": "fine"}
        said = {"choice": "execute", "expires_at": 9.0, "tally": {}, "votes": [vote], "closing_reason": None}
        answers: dict[str, dict[str, Any]] = {
            "/v1/approvals": {"approval_id": "a-1"},
            "/v1/approvals/a-1": {"approval": {"status": self.status, **said}},
            "/v1/approvals/a-1/cancel": {"status": "cancelled"},
            "/v1/approvals/a-1/audit": {"entries": [{"type": "ApprovalRequested"}]},
            "/v1/approvals/metrics": METRICS | TIMES,
            "/v1/checks/code": {"is_safe": False, "severity": "high", "findings": [FINDING]},
            "/v1/checks/content": {"is_compliant": True, "severity": "none", "findings": [], "policies": ["hate_speech"]},
            "/ready": {"status": "ready"},
        }
        return answers[path]


def layer(*services: Any) -> HumanLayer:
    patience = Patience(0.01)
    return HumanLayer([Client("http://hitl", "hitl_a_b", patience, httpx2.MockTransport(each)) for each in services])


def away(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("nobody is there")


@pytest.mark.covers("000-16", "000-77")
@pytest.mark.parametrize(
    ("status", "approved"),
    [("approved", True), ("deployed", True), ("rejected", False), ("expired", False), ("cancelled", False), ("failed", False)],
)
def test_only_what_people_approved_is_approved(status: str, approved: bool) -> None:
    answer = layer(Service(status)).request_approval(HumanApprovalRequest("custom", "Go on?"))
    assert (answer.approved, answer.status, answer.approvers) == (approved, status, ("ann",))


@pytest.mark.covers("D35")
def test_a_wait_that_ends_is_no_approval() -> None:
    answer = layer(Service("pending")).request_approval(HumanApprovalRequest("custom", "Go on?"), wait_s=0.0)
    assert (answer.approved, answer.status) == (False, "pending")


@pytest.mark.covers("000-17")
def test_code_is_shown_with_its_environment() -> None:
    service = Service()
    layer(service).request_code_execution_approval("print(1)", "production", "u7")
    body = service.asked[0][2]
    assert (body["kind"], body["context"]["code"], body["context"]["environment"]) == ("code_execution", "print(1)", "production")
    assert ([option["value"] for option in body["options"]], body["metadata"]) == (["execute", "reject"], {"user_id": "u7"})


@pytest.mark.covers("000-18", "000-22")
def test_content_is_shown_with_its_channel() -> None:
    service = Service()
    layer(service).request_content_approval("Hello", "social_media", "u7")
    body = service.asked[0][2]
    assert (body["kind"], body["context"]) == ("content_publishing", {"content": "Hello", "channel": "social_media"})
    assert [option["value"] for option in body["options"]] == ["compliant", "changes", "reject"]


@pytest.mark.covers("000-19", "000-22")
def test_a_workflows_question_is_shown_with_its_context() -> None:
    service = Service()
    layer(service).request_workflow_approval("w-7", "Which way?", {"modelName": "m"})
    body = service.asked[0][2]
    assert (body["kind"], body["title"], body["context"]) == ("workflow", "Which way?", {"modelName": "m", "workflow_id": "w-7"})


@pytest.mark.covers("000-23", "000-24", "000-25", "000-26", "000-27", "000-28", "000-29")
def test_every_other_call_has_its_answer() -> None:
    service = Service("pending")
    calls = layer(service)
    assert calls.get_approval_status("a-1").is_pending
    assert calls.cancel_approval("a-1", "done") is True
    assert (calls.get_metrics().total, calls.get_metrics().approval_rate) == (3, 0.5)
    assert calls.get_approval_audit_trail("a-1", include_comments=True) == [{"type": "ApprovalRequested"}]
    assert service.asked[-1][2] == {"include_comments": "true", "include_metadata": "false"}
    assert calls.analyze_code_security("rm -rf /", "shell").findings == (FINDING,)
    assert calls.check_content_compliance("Hello", ["hate_speech"]).is_compliant is True
    assert calls.check_health() is True


def test_what_is_decided_cannot_be_cancelled() -> None:
    assert layer(Service("approved")).cancel_approval("a-1") is False


@pytest.mark.covers("000-30", "D35")
def test_when_an_address_is_away_the_next_is_asked_and_never_answered_for() -> None:
    service = Service("rejected")
    request = HumanApprovalRequest("custom", "Go on?", id="promote_m_3")
    assert layer(away, service).request_approval(request).approved is False
    assert service.asked[0][2]["id"] == "promote_m_3"
    with pytest.raises(ServiceUnreachable):
        layer(away, away).request_approval(request)
    assert layer(away).check_health() is False


@pytest.mark.covers("000-06", "000-07")
def test_the_documents_names_of_the_environment_are_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HITL_API_KEY", raising=False)
    monkeypatch.setenv("HUMAN_LAYER_BASE_URL", "http://humanlayer:8000")
    monkeypatch.setenv("HUMAN_LAYER_API_KEY", "hitl_a_b")
    monkeypatch.setenv("HITL_API_FALLBACKS", "http://b:1, http://c:2")
    settings = ClientSettings()
    assert (settings.addresses, settings.api_key) == (["http://humanlayer:8000", "http://b:1", "http://c:2"], "hitl_a_b")
    assert len(HumanLayer.from_environment()._clients) == 3
