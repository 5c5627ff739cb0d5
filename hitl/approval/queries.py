"""The answers to questions about the approvals. Reads only."""

from itertools import islice
from typing import Any, TypeAlias

from hitl.approval import questions as q
from hitl.approval.archiving import archivable
from hitl.approval.audit import trail
from hitl.approval.figures import count_approvals, summarize_approvals
from hitl.approval.listing import approvals_of
from hitl.approval.overtaking import why_overtaken
from hitl.approval.show import view_of
from hitl.approval.state import ApprovalState
from hitl.approval.views import ApprovalPage, ApprovalTrail, Overtaking, SealedApproval, ShownApproval
from hitl.approval.visibility import require_sight, visible
from hitl.serving.queries import answer_serving
from hitl.serving.questions import ServingQuestion
from hitl.weight import cut_page

OfOne: TypeAlias = q.ApprovalOf | q.AuditTrail | q.OvertakingOf | q.SealedOf
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
        case q.OvertakingOf():
            return Overtaking(why_overtaken(state, visible(state, question.approval_id, None)))
        case q.SealedOf():
            return _sealed(state, question)
        case q.ApprovalMetrics():
            return summarize_approvals(state, question.person)
        case q.ApprovalCounts():
            return count_approvals(state)
        case q.ArchivableApprovals():
            return archivable(state, question)
        case _:
            return answer_serving(state.serving, question)


def _approvals(state: ApprovalState, question: q.Approvals) -> ApprovalPage:
    if question.limit is None:
        return ApprovalPage([view_of(approval) for approval in approvals_of(state, question)], None)
    shown = list(islice(approvals_of(state, question), question.limit + 1))
    page, _ = cut_page(map(view_of, shown), question.limit)
    return ApprovalPage(page, shown[len(page)].place if len(page) < len(shown) else None)


def _trail(state: ApprovalState, question: q.AuditTrail) -> ApprovalTrail:
    found = visible(state, question.approval_id, question.person)
    entries = trail(found, question.include_comments, question.include_metadata)
    return ApprovalTrail(found.approval_id, found.status, entries)


def _sealed(state: ApprovalState, question: q.SealedOf) -> SealedApproval:
    found = visible(state, question.approval_id, question.person)
    require_sight(found, question.person)
    return SealedApproval(**{name: getattr(found, name) for name in _SEALED})
