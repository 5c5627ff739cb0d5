"""The API's calls about approvals, and the checks that approvers see."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from hitl.client.answer_types import (
    ApprovalFigures,
    ApprovalPage,
    ApprovalStanding,
    ApprovalTrail,
    CodeCheck,
    ContentCheck,
    ShownApproval,
    TakenArtifact,
)
from hitl.client.calls import HttpCall, get, post, put_bytes
from hitl.client.operations import ApiOperation, Mode, Operations

TRIAL_S = 120.0
"""How long the service may try what was brought, beyond the time of an ordinary answer."""


class ApprovalApi(Operations[Mode]):
    """Each method sends one call; see hitl.client.api.Api."""

    @ApiOperation
    def put_artifact(self, task: str, data: bytes) -> HttpCall[TakenArtifact]:
        """Bring the bytes of a model, or of an encoder that ``task`` shall name. They are tried and stored under the ``digest``
        of the answer; a repetition changes nothing. Nothing serves before people approve it."""
        return put_bytes("v1", "artifacts", sha256(data).hexdigest(), content=data, wait_s=TRIAL_S, task=task)

    @ApiOperation
    def request_approval(
        self, task: str, digest: str, title: str, evidence: Mapping[str, object], key: str | None = None
    ) -> HttpCall[ApprovalStanding]:
        """Ask that exactly the bytes with ``digest`` may serve ``task``."""
        body = {"kind": "model_deployment", "task": task, "digest": digest, "title": title, "evidence": dict(evidence)}
        return post("v1", "approvals", body=body, key=key)

    @ApiOperation
    def approvals(self, status: str | None = None, task: str | None = None) -> HttpCall[ApprovalPage]:
        return get("v1", "approvals", status=status, task=task)

    @ApiOperation
    def approval(self, approval_id: str, wait_s: float = 0.0) -> HttpCall[ShownApproval]:
        """Return the approval as it stands, at the latest after ``wait_s`` (0-60), earlier once it is decided."""
        return get("v1", "approvals", approval_id, wait_s=wait_s, wait=wait_s or None)

    @ApiOperation
    def vote(
        self, approval_id: str, vote: str, digest: str, comment: str = "", key: str | None = None
    ) -> HttpCall[ApprovalStanding]:
        """``vote`` is approve or reject; ``digest`` repeats what is voted on."""
        body = {"vote": vote, "digest": digest, "comment": comment}
        return post("v1", "approvals", approval_id, "votes", body=body, key=key)

    @ApiOperation
    def open_approval(self, asked: Mapping[str, object], key: str | None = None) -> HttpCall[ApprovalStanding]:
        """Ask for an approval of any kind: ``asked`` is the whole body."""
        return post("v1", "approvals", body=asked, key=key)

    @ApiOperation
    def cancel_approval(self, approval_id: str, reason: str = "", key: str | None = None) -> HttpCall[ApprovalStanding]:
        """Withdraw a request that is not decided."""
        return post("v1", "approvals", approval_id, "cancel", body={"reason": reason}, key=key)

    @ApiOperation
    def approval_figures(self) -> HttpCall[ApprovalFigures]:
        """Counts and rates over the approvals that the caller may see."""
        return get("v1", "approvals", "metrics")

    @ApiOperation
    def approval_trail(
        self, approval_id: str, include_comments: bool = False, include_metadata: bool = False
    ) -> HttpCall[ApprovalTrail]:
        """Return what happened to the approval, oldest first."""
        comments, metadata = str(include_comments).lower(), str(include_metadata).lower()
        return get("v1", "approvals", approval_id, "audit", include_comments=comments, include_metadata=metadata)

    @ApiOperation
    def check_code(self, code: str, language: str = "python") -> HttpCall[CodeCheck]:
        """What the static checks say of ``code``."""
        return post("v1", "checks", "code", body={"code": code, "language": language})

    @ApiOperation
    def check_content(self, content: str, policies: Sequence[str] = ()) -> HttpCall[ContentCheck]:
        """Return what each of ``policies`` says of ``content``; none named: every policy."""
        return post("v1", "checks", "content", body={"content": content, **({"policies": list(policies)} if policies else {})})
