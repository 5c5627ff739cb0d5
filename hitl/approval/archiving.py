"""Approvals that are over leave the memory of their shard for the archive; lists and figures go on over all of them.

Those that decide what serves (models, policies, definitions) stay: what is in force refers to them. Each other one leaves whole,
and is counted (hitl.approval.figures); lists read the archive (hitl.approval.listing).
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from hitl.approval import events as e
from hitl.approval import questions as q
from hitl.approval.commands import ArchiveApprovals
from hitl.approval.figures import count_in
from hitl.approval.kinds import GATED
from hitl.approval.listed import place_at
from hitl.approval.show import show
from hitl.approval.state import Approval, ApprovalState, RequestStatus
from hitl.approval.views import ArchivableRow, ArchivableRows, ArchivedApprovals
from hitl.canonical import digest_of
from hitl.canonical_fast import canonical_fast, read_canonical
from hitl.machine.codec import decode
from hitl.machine.machine import Outcome


def note_closed(state: ApprovalState, approval: Approval, at: float) -> None:
    """Note, in place, that ``approval`` is over since ``at``, if it is and may leave memory."""
    if approval.status is not RequestStatus.PENDING and approval.kind not in GATED:
        state.closed.pop(approval.approval_id, None)
        state.closed[approval.approval_id] = at


def archivable(state: ApprovalState, question: q.ArchivableApprovals) -> ArchivableRows:
    """Return the approvals that may leave, as they are to be kept."""
    surplus, found = len(state.closed) - question.kept, list[ArchivableRow]()
    for number, (approval_id, at) in enumerate(state.closed.items()):
        if len(found) == question.limit or (number >= surplus and at >= question.before):
            break
        found.append(ArchivableRow(approval_id, packed(state.approvals[approval_id]).decode()))
    return ArchivableRows(found)


def archive(state: ApprovalState, command: ArchiveApprovals) -> Outcome:
    """Archive each approval that is still what its digest says."""
    happened = [
        e.archived(state.approvals[approval_id], kept)
        for approval_id, kept in command.approvals
        if approval_id in state.closed and digest_of(packed(state.approvals[approval_id])) == kept
    ]
    return Outcome(happened, ArchivedApprovals(len(happened)))


def forget(state: ApprovalState, event: e.ApprovalArchived) -> None:
    """The approval leaves, in place, and is counted."""
    approval = state.approvals.pop(event.approval_id)
    del state.closed[event.approval_id]
    count_in(state, approval)
    first, last = state.archived_places
    state.archived_places = (min(first or approval.place, approval.place), max(last, approval.place))
    state.left_lately.append(event.approval_id)


def packed(approval: Approval) -> bytes:
    """Return what is kept of an approval: canonical JSON, an array of it alone, with every field of the compared state and its
    ``place``."""
    return canonical_fast([{**show(approval), "place": approval.place}])


def unpacked(data: bytes) -> list[Approval]:
    """Return the approvals that ``packed`` wrote."""
    return [approval_of(row) for row in read_canonical(data)]


def approval_of(shown: Mapping[str, Any]) -> Approval:
    """Return the approval that ``packed`` told; shares nothing with ``shown``. Older ones have no ``place``."""
    own = {"place": place_at(shown["requested_at"]), **deepcopy(shown)}
    return decode(Approval, {**own, "votes": [[vote["voter"], vote] for vote in own["votes"]]})


def beside(state: ApprovalState, approvals: Iterable[Approval]) -> ApprovalState:
    """``state`` as it would be with ``approvals`` in it, for reading: each at its place, what is in memory comes first."""
    both = {**{each.approval_id: each for each in approvals}, **state.approvals}
    return replace(state, approvals=dict(sorted(both.items(), key=lambda pair: pair[1].place)))
