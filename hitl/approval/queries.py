"""The answers to questions about the approvals. Reads only."""

from typing import Any, TypeAlias

from hitl.approval import questions as q
from hitl.approval.decide import find
from hitl.approval.show import show, show_served
from hitl.approval.state import ApprovalState

Question: TypeAlias = q.ApprovalOf | q.Approvals | q.ServingOf | q.ServingAt | q.History | q.Pointers


def answer(state: ApprovalState, question: Question) -> dict[str, Any]:
    """Raises NotFound where the question's docstring says so."""
    match question:
        case q.ApprovalOf():
            return {"approval": show(find(state, question.approval_id))}
        case q.Approvals():
            return {"approvals": _approvals(state, question)}
        case q.ServingOf():
            served = state.served.get(question.task)
            return show_served(question.task, served[-1] if served else None)
        case q.ServingAt():
            return _serving_at(state, question.task, question.at)
        case q.History():
            lines = [show_served(question.task, served) for served in state.served.get(question.task, ())]
            return {"task": question.task, "history": lines}
        case q.Pointers():
            return {task: _pointer(state, task) for task in state.served if state.versions(task)}


def _approvals(state: ApprovalState, question: q.Approvals) -> list[dict[str, Any]]:
    return [
        show(approval)
        for approval in state.approvals.values()
        if question.status in (None, approval.status.value) and question.task in (None, approval.task)
    ]


def _serving_at(state: ApprovalState, task: str, at: float) -> dict[str, Any]:
    until = (served for served in reversed(state.served.get(task, [])) if served.since <= at)
    return show_served(task, next(until, None))


def _pointer(state: ApprovalState, task: str) -> dict[str, Any]:
    versions = [list(version) for version in state.versions(task)]
    return {"generation": state.generation(task), "versions": versions}
