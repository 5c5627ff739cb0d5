"""Which approvals a list shows, in memory and in the archive."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec

from hitl.approval import questions as q
from hitl.approval.kinds import GATED
from hitl.approval.listed import ListedApproval
from hitl.approval.state import Approval, ApprovalState, RequestStatus
from hitl.approval.visibility import may_see
from hitl.machine.listing import EVERYTHING, Listing, Wanted

ARCHIVED = "approval"
"""All archived approvals are of one kind to lists."""

ALL = 2**62
OF_APPROVALS = msgspec.json.Decoder(ListedApproval)


def approvals_of(state: ApprovalState, question: q.Approvals) -> Iterator[Approval]:
    """Yield the approvals that the list shows from its cursor on, in the order of their requests."""
    rest = (approval for approval in state.approvals.values() if approval.place >= question.after)
    return (approval for approval in rest if _fits(question, approval))


def listing_of(state: ApprovalState, question: Any) -> Listing[Approval] | None:
    """Return what the archive is searched for; None for a question that is no list, and where memory alone answers: nothing left,
    or nothing that left can be on the page."""
    if not isinstance(question, q.Approvals) or question.status == RequestStatus.PENDING or question.kind in GATED:
        return None
    first, last = state.archived_places
    if last == 0 or last < question.after:
        return None
    most = ALL if question.limit is None else question.limit + 1  # the one behind the page is the next cursor
    held = list(islice(approvals_of(state, question), most))
    floor = -held[-1].place if len(held) == most else EVERYTHING
    if -first <= floor:
        return None

    def fits(fields: bytes) -> bool:
        return _fits(question, OF_APPROVALS.decode(fields))

    return Listing({ARCHIVED: Wanted(most, floor, fits, ceiling=-question.after)}, held)


def _fits(question: q.Approvals, approval: Approval | ListedApproval) -> bool:
    wanted = (question.status, question.task, question.kind)
    has = (approval.status, approval.task, approval.kind)
    return all(each in (None, mine) for each, mine in zip(wanted, has, strict=True)) and may_see(question.person, approval)
