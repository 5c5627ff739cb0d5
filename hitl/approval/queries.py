"""The answers to questions about the approvals. Reads only."""

from itertools import islice, tee
from typing import Any, TypeAlias

from hitl.approval import questions as q
from hitl.approval.archiving import archivable
from hitl.approval.audit import count_approvals, summarize_approvals, trail
from hitl.approval.show import view_of
from hitl.approval.state import Approval, ApprovalState
from hitl.approval.views import ApprovalPage, ApprovalTrail, SealedApproval, ShownApproval
from hitl.approval.visibility import may_see, require_sight, visible
from hitl.errors import NotInMemory
from hitl.serving.queries import answer_serving
from hitl.serving.questions import ServingQuestion
from hitl.weight import cut_page

OfOne: TypeAlias = q.ApprovalOf | q.AuditTrail | q.SealedOf
OfMany: TypeAlias = q.Approvals | q.ApprovalMetrics | q.ApprovalCounts | q.ArchivableApprovals
Question: TypeAlias = OfOne | OfMany | ServingQuestion

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
        case q.ApprovalCounts():
            return count_approvals(state.approvals.values())
        case q.ArchivableApprovals():
            return archivable(state, question)
        case _:
            return answer_serving(state.serving, question)


def _approvals(state: ApprovalState, question: q.Approvals) -> ApprovalPage:
    """Raises NotInMemory with those of the page that are archived."""
    rest = enumerate(islice(state.approvals.values(), question.after, None), question.after)
    fitting, chosen = tee((at, approval) for at, approval in rest if _fits(approval, question))
    archived = [each.approval_id for _, each in islice(chosen, question.limit) if each.is_archived]
    if archived:
        raise NotInMemory(archived)
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
