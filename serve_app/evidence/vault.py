"""The blind checks that count for a model: its own, and the rows of the vault that it scored without having learned from them."""

from collections.abc import Collection

from hitl.approval import ApprovalKind
from hitl.approval.questions import Approvals
from hitl.approval.state import RequestStatus
from hitl.approval.views import ApprovalView
from hitl.learning.journalled.questions import VaultScoresOf
from hitl.machine.shards import APPROVAL, LEARNING, Shards
from hitl.quality.checks import BlindCheck
from hitl.quality.vault import with_vault
from serve_app.evidence.evidence import TaskEvidence

UNDECIDED = (RequestStatus.PENDING, RequestStatus.APPROVED)
MOST_CANDIDATES = 5
"""Of a task at a time, the newest: each that is planned for takes its part of the error budget."""


async def checks_of_model(evidence: TaskEvidence, shards: Shards, task: str, model: str, policy: str) -> list[BlindCheck]:
    """In order of arrival. Raises Unavailable while a shard recovers."""
    scores = (await shards.ask(LEARNING, VaultScoresOf(task, model, policy))).scores
    checks = await evidence.checks(task)
    return with_vault(checks, scores, model, policy) if scores else checks


async def candidates(shards: Shards, task: str, serving: Collection[str]) -> list[ApprovalView]:
    """The newest models that people have yet to decide on, or that wait for their deployment, oldest first."""
    asked = [Approvals(status.value, task, ApprovalKind.MODEL_DEPLOYMENT) for status in UNDECIDED]
    found = [one for each in asked for one in (await shards.ask(APPROVAL, each)).approvals if one.digest not in serving]
    newest = {one.digest: one for one in sorted(found, key=lambda each: each.requested_at)}
    return list(newest.values())[-MOST_CANDIDATES:]
