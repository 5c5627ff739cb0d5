"""The events of approvals and of serving, as the plain objects that the journal keeps. docs/journal.md describes them."""

from typing import Any

from hitl.approval.commands import RequestApproval, RollBack, Vote
from hitl.approval.serving.events import changed
from hitl.approval.serving.in_force import InForce
from hitl.approval.state import Approval

Event = dict[str, Any]


def requested(approval_id: str, command: RequestApproval) -> Event:
    return {
        "type": "ApprovalRequested",
        "approval_id": approval_id,
        "kind": command.kind,
        "task": command.task,
        "digest": command.digest,
        "title": command.title,
        "evidence": command.evidence,
        "requested_by": command.requested_by,
        "quorum": command.quorum,
        "expires_at": float(command.expires_at),
    }


def vote_cast(approval: Approval, command: Vote) -> Event:
    return _of(approval, "VoteCast", voter=command.voter, vote=command.vote, comment=command.comment)


def approved(approval: Approval) -> Event:
    return _of(approval, "ApprovalApproved")


def rejected(approval: Approval, command: Vote) -> Event:
    return _of(approval, "ApprovalRejected", voter=command.voter, reason=command.comment)


def expired(approval: Approval) -> Event:
    return _of(approval, "ApprovalExpired")


def deployed(approval: Approval, generation: int, versions: list[list[Any]], now: InForce) -> Event:
    fields = {"digest": approval.digest}
    return changed("Deployed", approval.task, generation, versions, now, approval.approval_id, fields)


def deployment_failed(approval: Approval, reason: str) -> Event:
    return _of(approval, "DeploymentFailed", reason=reason)


def rolled_back(command: RollBack, approval_id: str, generation: int, now: InForce) -> Event:
    fields = {"digest": command.digest, "operator": command.operator, "reason": command.reason}
    return changed("RolledBack", command.task, generation, [[command.digest, 1.0]], now, approval_id, fields)


def _of(approval: Approval, kind: str, **fields: Any) -> Event:
    ids = {"approval_id": approval.approval_id, "task": approval.task, "digest": approval.digest}
    return {"type": kind, **ids, **fields}
