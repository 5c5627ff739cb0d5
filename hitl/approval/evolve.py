"""How an event changes the approvals: mechanical, so that live operation, recovery and another program's replay agree."""

from typing import Any

from hitl.approval.serving.events import ADOPTING, SERVING_EVENTS
from hitl.approval.serving.in_force import in_force
from hitl.approval.state import MOVES, OPEN, Approval, ApprovalState, Ballot, CastVote, Served, Status

_REQUESTED = ("approval_id", "kind", "task", "digest", "title", "evidence", "requested_by", "quorum", "expires_at")
_DECIDING = frozenset({"ApprovalApproved", "ApprovalRejected", "ApprovalExpired"})


def evolve(state: ApprovalState, event: dict[str, Any], at: float) -> None:
    """Apply ``event``, which happened at ``at`` (UTC seconds), in place."""
    kind = event["type"]
    if kind in SERVING_EVENTS - ADOPTING:
        _serve(state, event, at)
    elif kind == "ApprovalRequested":
        _add(state, event, at)
    else:
        approval = state.approvals[event["approval_id"]]
        approval.status = MOVES[approval.status, kind]
        _change(state, approval, event, at)
        _index(state, approval)


def _add(state: ApprovalState, event: dict[str, Any], at: float) -> None:
    approval = Approval(requested_at=at, **{name: event[name] for name in _REQUESTED})
    state.approvals[approval.approval_id] = approval
    state.numbers[approval.task] = state.numbers.get(approval.task, 0) + 1
    state.open[approval.task, approval.digest] = approval.approval_id


def _change(state: ApprovalState, approval: Approval, event: dict[str, Any], at: float) -> None:
    kind = event["type"]
    if kind == "VoteCast":
        vote = CastVote(event["voter"], Ballot(event["vote"]), event["digest"], event["comment"], at)
        approval.votes[vote.voter] = vote
    elif kind in _DECIDING:
        approval.decided_at = at
        approval.closing_reason = event.get("reason")
    else:
        approval.settled_at = at
        approval.closing_reason = event.get("reason")
    if kind == "Deployed":
        state.approved_by[approval.task, approval.digest] = approval.approval_id
    if kind in ADOPTING:
        _serve(state, event, at)


def _index(state: ApprovalState, approval: Approval) -> None:
    bytes_of_task = (approval.task, approval.digest)
    if approval.status not in OPEN:
        del state.open[bytes_of_task]
    if approval.status is Status.REJECTED:
        state.rejected[bytes_of_task] = approval.approval_id


def _serve(state: ApprovalState, event: dict[str, Any], at: float) -> None:
    served = Served(
        generation=event["generation"],
        versions=[list(version) for version in event["versions"]],
        since=at,
        approval_id=event["approval_id"],
        cause=event["type"],
        operator=event.get("operator"),
        reason=event.get("reason"),
        now=in_force(event),
    )
    state.served.setdefault(event["task"], []).append(served)
