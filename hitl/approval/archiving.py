"""Approvals that are over leave the memory of their shard for the archive; lists and figures go on over all of them.

Those that decide what serves (models, policies, definitions) stay: what is in force refers to them. Of each other one, what lists
choose by and figures count stays in memory, at its place; every other field is in the archive, where whoever asks for it looks.
"""

from collections import ChainMap
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace
from typing import Any, cast

from hitl.approval import events as e
from hitl.approval import questions as q
from hitl.approval.commands import ArchiveApprovals
from hitl.approval.kinds import GATED
from hitl.approval.show import show
from hitl.approval.state import Approval, ApprovalState, RequestStatus
from hitl.approval.stored import StoredPolicy
from hitl.approval.views import ArchivableRow, ArchivableRows, ArchivedApprovals
from hitl.canonical import digest_of
from hitl.canonical_fast import canonical_fast, read_canonical
from hitl.machine.codec import decode
from hitl.machine.machine import Outcome

LEFT = ("approval_id", "kind", "task", "requested_by", "requested_at", "status", "decided_at", "asked", "is_open", "step")
"""What lists choose by and figures count."""

NO_POLICY: StoredPolicy = {"rule": "", "need": 0, "veto": [], "requires": {}, "groups": {}, "weights": {}, "excluded": []}
NOTHING: dict[str, Any] = {
    **dict.fromkeys(("digest", "title"), ""),
    **{name: {} for name in ("evidence", "votes", "context", "metadata", "sealed", "cipher")},
    **{name: [] for name in ("options", "checks", "schedule", "history")},
    **{"quorum": 0, "expires_at": 0.0, "policy": NO_POLICY, "is_archived": True},
}
"""The other fields of every approval that left memory: the same objects for all, which nobody changes."""


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
    """The approval leaves, in place: what is left of it keeps its place among the others."""
    approval = state.approvals[event.approval_id]
    del state.closed[event.approval_id]
    state.approvals[event.approval_id] = Approval(**{name: getattr(approval, name) for name in LEFT}, **NOTHING)


def packed(approval: Approval) -> bytes:
    """Return what is kept of an approval: canonical JSON, an array of it alone, with every field of the compared state."""
    return canonical_fast([show(approval)])


def unpacked(data: bytes) -> list[Approval]:
    """Return the approvals that ``packed`` wrote."""
    return [approval_of(row) for row in read_canonical(data)]


def approval_of(shown: dict[str, Any]) -> Approval:
    """Return the approval that hitl.approval.show.show told; shares nothing with ``shown``."""
    own = deepcopy(shown)
    return decode(Approval, {**own, "votes": [[vote["voter"], vote] for vote in own["votes"]]})


def beside(state: ApprovalState, approvals: Iterable[Approval]) -> ApprovalState:
    """``state`` as it would be with ``approvals`` in it, for reading: each at its place."""
    known = {each.approval_id: each for each in approvals if _is_archived(state, each.approval_id)}
    return replace(state, approvals=cast(dict[str, Approval], ChainMap(known, state.approvals)))


def _is_archived(state: ApprovalState, approval_id: str) -> bool:
    found = state.approvals.get(approval_id)
    return found is not None and found.is_archived
