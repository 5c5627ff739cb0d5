"""The answers to questions about the approvals. Reads only."""

from itertools import islice
from typing import Any, TypeAlias

from hitl.approval import questions as q
from hitl.approval.audit import metrics, trail
from hitl.approval.show import show_live, show_served
from hitl.approval.state import Approval, ApprovalState
from hitl.approval.visibility import may_see, require_sight, visible

Question: TypeAlias = (
    q.ApprovalOf
    | q.Approvals
    | q.AuditTrail
    | q.ApprovalMetrics
    | q.SealedOf
    | q.ServingOf
    | q.ServingAt
    | q.History
    | q.Pointers
    | q.Certificates
)

_SEALED = ("approval_id", "task", "context", "metadata", "sealed", "cipher")


def answer(state: ApprovalState, question: Question) -> dict[str, Any]:
    """Raises NotFound where the question's docstring says so."""
    match question:
        case q.ApprovalOf():
            return {"approval": show_live(visible(state, question.approval_id, question.person))}
        case q.Approvals():
            return _approvals(state, question)
        case q.AuditTrail():
            return _trail(state, question)
        case q.SealedOf():
            return _sealed(state, question)
        case q.ApprovalMetrics():
            return metrics(approval for approval in state.approvals.values() if may_see(question.person, approval))
        case q.ServingOf():
            served = state.served.get(question.task)
            return show_served(question.task, served[-1] if served else None)
        case q.ServingAt():
            return _serving_at(state, question.task, question.at)
        case q.History():
            lines = [show_served(question.task, served) for served in state.served.get(question.task, ())]
            return {"task": question.task, "history": lines}
        case q.Certificates():
            return {"task": question.task, "certificates": list(state.certificates.get(question.task, ()))}
        case q.Pointers():
            return {task: _pointer(state, task) for task in state.served if state.versions(task)}


def _approvals(state: ApprovalState, question: q.Approvals) -> dict[str, Any]:
    rest = enumerate(islice(state.approvals.values(), question.after, None), question.after)
    fitting = ((at, approval) for at, approval in rest if _fits(approval, question))
    limit = None if question.limit is None else question.limit + 1
    page = list(islice(fitting, limit))
    more = page[question.limit :] if question.limit is not None else []
    shown = page[: question.limit]
    return {"approvals": [show_live(approval) for _, approval in shown], "next": more[0][0] if more else None}


def _fits(approval: Approval, question: q.Approvals) -> bool:
    wanted = (question.status, question.task, question.kind)
    has = (approval.status.value, approval.task, approval.kind)
    return all(each in (None, mine) for each, mine in zip(wanted, has, strict=True)) and may_see(question.person, approval)


def _trail(state: ApprovalState, question: q.AuditTrail) -> dict[str, Any]:
    found = visible(state, question.approval_id, question.person)
    entries = trail(found, question.include_comments, question.include_metadata)
    return {"approval_id": found.approval_id, "status": found.status.value, "entries": entries}


def _sealed(state: ApprovalState, question: q.SealedOf) -> dict[str, Any]:
    found = visible(state, question.approval_id, question.person)
    require_sight(found, question.person)
    return {name: getattr(found, name) for name in _SEALED}


def _serving_at(state: ApprovalState, task: str, at: float) -> dict[str, Any]:
    until = (served for served in reversed(state.served.get(task, [])) if served.since <= at)
    return show_served(task, next(until, None))


def _pointer(state: ApprovalState, task: str) -> dict[str, Any]:
    versions = [list(version) for version in state.versions(task)]
    return {"generation": state.generation(task), "versions": versions}
