"""Requests, votes and a shard of approvals, with defaults that a test overrides."""

import json
from typing import Any

from hitl.approval import ApprovalMachine, ApprovalOf, ApprovalRules, AskApproval, Deploy, RequestApproval, Vote
from hitl.approval.show import view_of
from hitl.approval.state import Approval, quorum_policy
from hitl.approval.views import ApprovalView
from hitl.canonical import canonical
from hitl.serving.show import show_served
from hitl.serving.state import ServingRecord
from hitl.serving.views import ServingView
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


def view(**overrides: Any) -> ApprovalView:
    """An approval that waits for one vote, as the machine shows it."""
    given: dict[str, Any] = {
        "approval_id": "digits-1",
        "kind": "model_deployment",
        "task": "digits",
        "digest": GOOD,
        "title": "Digits, second model",
        "evidence": {},
        "requested_by": "trainer",
        "requested_at": START,
        "quorum": 1,
        "expires_at": START + WEEK_S,
        "policy": quorum_policy(1),
    }
    return view_of(Approval(**{**given, **overrides}))


def served(**overrides: Any) -> ServingView:
    """A line of a task's serving history."""
    given: dict[str, Any] = {"generation": 1, "versions": [(GOOD, 1.0)], "since": START, "approval_id": None, "cause": "Deployed"}
    return show_served("digits", ServingRecord(**{**given, **overrides}))


class ApprovalShell(Shell):
    """A shard of approvals that answers as its clients hear it: views as plain JSON."""

    def send(self, command: Any, command_id: str | None = None, by: str = "someone") -> Any:
        return json.loads(canonical(super().send(command, command_id, by)))

    def ask(self, question: Any) -> Any:
        return json.loads(canonical(super().ask(question)))


def shard(*commands: Any, rules: ApprovalRules | None = None) -> ApprovalShell:
    """A shard that was sent ``commands``."""
    shell = ApprovalShell(ApprovalMachine(rules))
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
