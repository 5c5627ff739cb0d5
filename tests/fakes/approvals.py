"""Requests, votes and a shard of approvals, with defaults that a test overrides."""

from typing import Any

from hitl.approval import ApprovalMachine, ApprovalOf, ApprovalRules, AskApproval, Deploy, RequestApproval, Vote
from tests.fakes.shell import START, Shell

GOOD, OTHER = "a" * 64, "b" * 64
WEEK_S = 604_800.0


def request(digest: str = GOOD, **overrides: Any) -> RequestApproval:
    given: dict[str, Any] = {
        "kind": "model_deployment",
        "task": "digits",
        "digest": digest,
        "title": "Digits, second model",
        "evidence": {"accuracy": 0.97},
        "requested_by": "trainer",
        "quorum": 2,
        "expires_at": START + WEEK_S,
    }
    return RequestApproval(**{**given, **overrides})


def vote(voter: str, vote: str = "approve", approval_id: str = "digits-1", digest: str = GOOD) -> Vote:
    return Vote(approval_id, voter, vote, digest, "looked at the evidence")


def ask(**overrides: Any) -> AskApproval:
    given: dict[str, Any] = {
        "kind": "ai_decision",
        "task": "",
        "title": "Refund this order?",
        "requested_by": "agent",
        "context": {"order": 7},
        "policy": {"approvers": ["ann", "bob", "cid"], "rule": "majority", "veto": []},
        "approval_id": "refund",
    }
    return AskApproval(**{**given, **overrides})


def voted(shell: Shell, voter: str, vote: str = "approve", approval_id: str = "refund") -> str:
    """The status after ``voter`` has voted on what is shown."""
    shown = shell.ask(ApprovalOf(approval_id))["approval"]
    return str(shell.send(Vote(approval_id, voter, vote, shown["digest"], "read it", shown["shown"]))["status"])


def shard(*commands: Any, rules: ApprovalRules | None = None) -> Shell:
    """A shard that was sent ``commands``."""
    shell = Shell(ApprovalMachine(rules))
    for command in commands:
        shell.send(command)
    return shell


async def voters(task: str) -> set[str]:
    """Who may vote."""
    return {"ann", "bob", "cid", "approver", "approver-2"}


APPROVED = (request(), vote("ann"), vote("bob"))
DEPLOYED = (*APPROVED, Deploy("digits-1", GOOD))
REPLACED = (
    *DEPLOYED,
    request(OTHER),
    vote("ann", approval_id="digits-2", digest=OTHER),
    vote("bob", approval_id="digits-2", digest=OTHER),
    Deploy("digits-2", OTHER),
)
"""GOOD serves, then OTHER."""
