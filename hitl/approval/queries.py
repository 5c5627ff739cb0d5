"""The answers to questions about the approvals. Reads only."""

from itertools import islice, tee
from typing import Any, TypeAlias

from hitl.approval import questions as q
from hitl.approval.audit import summarize_approvals, trail
from hitl.approval.show import view_of
from hitl.approval.state import Approval, ApprovalState
from hitl.approval.views import ApprovalPage, ApprovalTrail, SealedApproval, ShownApproval
from hitl.approval.visibility import may_see, require_sight, visible
from hitl.serving.queries import answer_serving
from hitl.serving.questions import ServingQuestion
from hitl.weight import cut_page

Question: TypeAlias = q.ApprovalOf | q.Approvals | q.AuditTrail | q.ApprovalMetrics | q.SealedOf | ServingQuestion

_SEALED = ("approval_id", "task", "context", "metadata", "sealed", "cipher")


def answer(state: ApprovalState, question: Question) -> Any:
    """Return the view that the question is typed by. Raises NotFound where the question's docstring says so."""
    match question:
        case q.ApprovalOf():
            return ShownApproval(view_of(visible(state, question.approval_id, question.person)))
        case q.Approvals():
            return _approvals(state, question)
        case q.AuditTrail():
            return _trail(state, question)
        case q.SealedOf():
            return _sealed(state, question)
        case q.ApprovalMetrics():
            return summarize_approvals(approval for approval in state.approvals.values() if may_see(question.person, approval))
        case _:
            return answer_serving(state.serving, question)


def _approvals(state: ApprovalState, question: q.Approvals) -> ApprovalPage:
    rest = enumerate(islice(state.approvals.values(), question.after, None), question.after)
    fitting = ((at, approval) for at, approval in rest if _fits(approval, question))
    if question.limit is None:
        return ApprovalPage([view_of(approval) for _, approval in fitting], None)
    places, shown = tee((at, view_of(approval)) for at, approval in fitting)
    page, _ = cut_page((view for _, view in shown), question.limit)
    following = next(islice(places, len(page), None), None)
    return ApprovalPage(page, None if following is None else following[0])


def _fits(approval: Approval, question: q.Approvals) -> bool:
    wanted = (question.status, question.task, question.kind)
    has = (approval.status.value, approval.task, approval.kind)
    return all(each in (None, mine) for each, mine in zip(wanted, has, strict=True)) and may_see(question.person, approval)


def _trail(state: ApprovalState, question: q.AuditTrail) -> ApprovalTrail:
    found = visible(state, question.approval_id, question.person)
    entries = trail(found, question.include_comments, question.include_metadata)
    return ApprovalTrail(found.approval_id, found.status, entries)


def _sealed(state: ApprovalState, question: q.SealedOf) -> SealedApproval:
    found = visible(state, question.approval_id, question.person)
    require_sight(found, question.person)
    return SealedApproval(**{name: getattr(found, name) for name in _SEALED})
