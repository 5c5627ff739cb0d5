"""The events of approvals and of serving, as the plain objects that the journal keeps. docs/journal.md describes them."""

from dataclasses import asdict
from typing import Any

from hitl.approval.commands import AskApproval, CancelApproval, RequestApproval, RollBack, Vote
from hitl.approval.electorate import Electorate
from hitl.approval.serving.events import changed
from hitl.approval.serving.in_force import InForce
from hitl.approval.state import Approval

Event = dict[str, Any]
_SAID = ("kind", "task", "title", "description", "context", "urgency", "metadata", "requested_by")


def requested(approval_id: str, command: RequestApproval, who: Electorate, options: list[dict[str, Any]]) -> Event:
    bound = {"digest": command.digest, "evidence": command.evidence, "quorum": command.quorum}
    end: Event = {"expires_at": float(command.expires_at), "default": None, "checks": []}
    return {**_request(approval_id, command, who, options), **bound, **end}


def asked(approval_id: str, command: AskApproval, who: Electorate, options: list[dict[str, Any]], expires_at: float) -> Event:
    """Without its digest, which is of what is shown of it. Its quorum is for readers; ``policy`` says how votes count."""
    rest = {"evidence": {}, "quorum": max(1, round(who.policy["need"])), "expires_at": expires_at, "checks": command.checks}
    return {**_request(approval_id, command, who, options), **rest}


def vote_cast(approval: Approval, command: Vote, option: dict[str, str]) -> Event:
    cast = {"vote": option["outcome"], "option": option["value"], "comment": command.comment}
    return _of(approval, "VoteCast", voter=command.voter, **cast)


def approved(approval: Approval, choice: str | None, by: str | None = None, reason: str | None = None) -> Event:
    """``by`` and ``reason`` are those of the deadline; votes speak for themselves."""
    said = {} if by is None else {"voter": by, "reason": reason}
    return _of(approval, "ApprovalApproved", choice=choice, **said)


def rejected(approval: Approval, voter: str, choice: str | None, reason: str) -> Event:
    return _of(approval, "ApprovalRejected", voter=voter, choice=choice, reason=reason)


def expired(approval: Approval) -> Event:
    return _of(approval, "ApprovalExpired")


def cancelled(approval: Approval, command: CancelApproval) -> Event:
    return _of(approval, "ApprovalCancelled", by=command.by, reason=command.reason)


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


def _request(approval_id: str, command: RequestApproval | AskApproval, who: Electorate, options: list[dict[str, Any]]) -> Event:
    said = {name: getattr(command, name) for name in _SAID}
    return {"type": "ApprovalRequested", "approval_id": approval_id, **said, "options": options, **asdict(who)}
