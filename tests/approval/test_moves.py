"""Every status of an approval against every command: what happens, or what refuses it."""

from typing import Any

import pytest

from hitl.approval import Deploy, Expire, FailDeployment, RollBack
from hitl.approval.commands import Command
from hitl.errors import AlreadyServing, ApprovalClosed, HitlError, NeverDeployed, NotFound, QuorumMissing
from tests.fakes.approvals import APPROVED, DEPLOYED, GOOD, request, shard, vote

PATHS: dict[str, tuple[Any, ...]] = {
    "unknown": (),
    "pending": (request(), vote("ann")),
    "approved": APPROVED,
    "rejected": (request(), vote("ann", "reject")),
    "expired": (request(), Expire("digits-1")),
    "deployed": DEPLOYED,
    "failed": (*APPROVED, FailDeployment("digits-1", "bytes are missing")),
}
REQUEST, APPROVE, REJECT = request(), vote("cid"), vote("cid", "reject")
EXPIRE, DEPLOY, FAIL = Expire("digits-1"), Deploy("digits-1", GOOD), FailDeployment("digits-1", "gone")
BACK = RollBack("digits", GOOD, "operator", "worse")

HAPPENS: list[tuple[str, Command, list[str]]] = [
    ("unknown", REQUEST, ["ApprovalRequested"]),
    ("pending", REQUEST, []),
    ("pending", APPROVE, ["VoteCast", "ApprovalApproved"]),
    ("pending", REJECT, ["VoteCast", "ApprovalRejected"]),
    ("pending", EXPIRE, ["ApprovalExpired"]),
    ("approved", REQUEST, []),
    ("approved", EXPIRE, []),
    ("approved", DEPLOY, ["Deployed"]),
    ("approved", FAIL, ["DeploymentFailed"]),
    ("rejected", EXPIRE, []),
    ("expired", REQUEST, ["ApprovalRequested"]),
    ("expired", EXPIRE, []),
    ("deployed", REQUEST, ["ApprovalRequested"]),
    ("deployed", EXPIRE, []),
    ("failed", REQUEST, ["ApprovalRequested"]),
    ("failed", EXPIRE, []),
]
CLOSED = ("rejected", "expired", "deployed", "failed")

REFUSED: list[tuple[str, Command, type[HitlError]]] = [
    *(("unknown", command, NotFound) for command in (APPROVE, REJECT, EXPIRE, DEPLOY, FAIL)),
    *(("pending", command, QuorumMissing) for command in (DEPLOY, FAIL)),
    *((status, command, ApprovalClosed) for status in ("approved", *CLOSED) for command in (APPROVE, REJECT)),
    *((status, command, ApprovalClosed) for status in CLOSED for command in (DEPLOY, FAIL)),
    ("rejected", REQUEST, ApprovalClosed),
    *((status, BACK, NeverDeployed) for status in PATHS if status != "deployed"),
    ("deployed", BACK, AlreadyServing),
]


@pytest.mark.parametrize(("status", "command", "events"), HAPPENS)
def test_a_command_in_a_status_has_these_events(status: str, command: Command, events: list[str]) -> None:
    shell = shard(*PATHS[status])
    assert [event["type"] for event in shell.events(command)] == events
    assert shell.replayed() == shell.plain()


@pytest.mark.parametrize(("status", "command", "error"), REFUSED)
def test_a_refused_command_changes_nothing(status: str, command: Command, error: type[HitlError]) -> None:
    shell = shard(*PATHS[status])
    before = shell.plain()
    with pytest.raises(error):
        shell.send(command)
    assert shell.plain() == before
