"""The events of approvals and of serving, as the plain objects that the journal keeps. docs/journal.md describes them."""

from dataclasses import asdict
from typing import Any

from hitl.approval.commands import AskApproval, CancelApproval, RequestApproval, RollBack, SetAbsence, Vote
from hitl.approval.electorate import Electorate
from hitl.approval.state import Approval
from hitl.serving.events import changed
from hitl.serving.in_force import InForce

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


def reminded(approval: Approval, to: list[str], step: int) -> Event:
    """``to`` empty: everybody who may vote on it."""
    return _of(approval, "ApprovalReminded", kind=approval.kind, title=approval.title, to=to, step=step)


def escalated(approval: Approval, cause: str, rule: str, groups: list[str], ask: list[str], step: int | None) -> Event:
    """``cause`` is timeout, away, high_risk or rejection; ``ask`` may vote from now on, or after a rejection are told of it."""
    about = {"kind": approval.kind, "title": approval.title, "urgency": approval.urgency}
    return _of(approval, "ApprovalEscalated", cause=cause, rule=rule, groups=groups, ask=ask, step=step, **about)


def delegated(approval: Approval, by: str, to: str, cause: str, reason: str) -> Event:
    return _of(approval, "VoteDelegated", by=by, to=to, cause=cause, reason=reason)


def absence_set(command: SetAbsence) -> Event:
    told = {"until": float(command.until), "deputy": command.deputy, "by": command.by}
    return {"type": "AbsenceSet", "person": command.person, **told}


def deployed(approval: Approval, generation: int, versions: list[list[Any]], now: InForce) -> Event:
    fields = {"digest": approval.digest}
    return changed("Deployed", approval.task, generation, versions, now, approval.approval_id, fields)


def deployment_failed(approval: Approval, reason: str) -> Event:
    return _of(approval, "DeploymentFailed", reason=reason)


def rolled_back(command: RollBack, approval_id: str, generation: int, now: InForce) -> Event:
    fields = {"digest": command.digest, "operator": command.operator, "reason": command.reason}
    return changed("RolledBack", command.task, generation, [[command.digest, 1.0]], now, approval_id, fields)


def _of(approval: Approval, happened: str, **fields: Any) -> Event:
    ids = {"approval_id": approval.approval_id, "task": approval.task, "digest": approval.digest}
    return {"type": happened, **ids, **fields}


def _request(approval_id: str, command: RequestApproval | AskApproval, who: Electorate, options: list[dict[str, Any]]) -> Event:
    said = {name: getattr(command, name) for name in _SAID}
    sealed = {"sealed": command.sealed, "cipher": command.cipher} if command.sealed else {}
    return {"type": "ApprovalRequested", "approval_id": approval_id, **said, **sealed, "options": options, **asdict(who)}
