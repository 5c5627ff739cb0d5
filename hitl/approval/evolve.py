"""How an event changes the approvals: mechanical, so that live operation, recovery and another program's replay agree."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

from hitl.approval.kinds import GATED, Kind
from hitl.approval.presence import handed_over
from hitl.approval.state import MOVES, OPEN, Absence, Approval, ApprovalState, Ballot, CastVote, Served, Status, quorum_policy
from hitl.serving.events import ADOPTING, SERVING_EVENTS
from hitl.serving.in_force import in_force

_REQUESTED = ("approval_id", "kind", "task", "digest", "title", "evidence", "requested_by", "quorum", "expires_at")
_SINCE = (
    *("description", "context", "options", "urgency", "metadata", "checks", "policy", "asked", "is_open", "default", "shown"),
    *("schedule", "tells", "sealed", "cipher"),
)
"""Fields that requests of before did not have."""

_DECIDING = frozenset({"ApprovalApproved", "ApprovalRejected", "ApprovalExpired", "ApprovalCancelled"})
STEPS = frozenset({"ApprovalReminded", "ApprovalEscalated"})
_IDS = ("approval_id", "task", "digest")
_CERTIFIED = ("task", "generation", "model", "certificate", "evidence")
MOST_CERTIFICATES = 50
"""Of a task, the newest."""


def evolve(state: ApprovalState, event: dict[str, Any], at: float) -> None:
    """Apply ``event``, which happened at ``at`` (UTC seconds), in place."""
    kind = event["type"]
    if kind in SERVING_EVENTS - ADOPTING:
        _serve(state, event, at)
        _keep_certificate(state, event, at)
    elif kind == "ApprovalRequested":
        _add(state, event, at)
    elif kind == "AbsenceSet":
        state.absences[event["person"]] = Absence(event["until"], event["deputy"])
    else:
        approval = state.approvals[event["approval_id"]]
        approval.status = MOVES[approval.status, kind]
        _change(state, approval, event, at)
        _index(state, approval)


def _keep_certificate(state: ApprovalState, event: dict[str, Any], at: float) -> None:
    """The newest ones of a task, and those in force: by their plans the next labels are judged. Others stand in the journal."""
    if event["type"] == "Certified":
        kept = state.certificates.setdefault(event["task"], [])
        kept.append({**{name: event[name] for name in _CERTIFIED}, "at": at})
        standing = {each["certificate"] for each in state.in_force(event["task"]).thresholds.values()}
        kept[:-MOST_CERTIFICATES] = [each for each in kept[:-MOST_CERTIFICATES] if each["certificate"] in standing]


def with_vote(approval: Approval, event: dict[str, Any], at: float) -> Approval:
    """What ``approval`` would be after the vote; it stays as it is."""
    return replace(approval, votes={**approval.votes, event["voter"]: _cast(event, at)})


def _add(state: ApprovalState, event: dict[str, Any], at: float) -> None:
    since = {name: deepcopy(event[name]) for name in _SINCE if name in event}
    policy = {"policy": quorum_policy(event["quorum"])}
    approval = Approval(requested_at=at, **{name: event[name] for name in _REQUESTED}, **(policy | since))
    approval.history.append({"type": event["type"], "by": event["requested_by"], "at": at})
    state.approvals[approval.approval_id] = approval
    prefix = approval.task or approval.kind
    state.numbers[prefix] = state.numbers.get(prefix, 0) + 1
    if approval.kind in GATED:
        state.open[approval.subject] = approval.approval_id


def _change(state: ApprovalState, approval: Approval, event: dict[str, Any], at: float) -> None:
    kind = event["type"]
    left_out = _IDS if kind not in ADOPTING else event.keys() - {"type", "generation"}
    approval.history.append({**{name: value for name, value in event.items() if name not in left_out}, "at": at})
    if kind == "VoteCast":
        approval.votes[event["voter"]] = _cast(event, at)
    elif kind in STEPS:
        _step(approval, event)
    elif kind == "VoteDelegated":
        approval.policy, approval.asked = handed_over(approval.policy, approval.asked, event["by"], event["to"])
    elif kind in _DECIDING:
        approval.decided_at = at
        approval.closing_reason, approval.choice = event.get("reason"), event.get("choice")
    else:
        approval.settled_at = at
        approval.closing_reason = event.get("reason")
    if kind == "Deployed":
        state.approved_by[approval.task, approval.digest] = approval.approval_id
    if kind in ADOPTING:
        _serve(state, event, at)


def _step(approval: Approval, event: dict[str, Any]) -> None:
    if event["step"] is not None:
        approval.step = event["step"] + 1
    if event["type"] == "ApprovalEscalated" and event["cause"] in ("timeout", "away") and not approval.is_open:
        approval.asked.extend(event["ask"])


def _cast(event: dict[str, Any], at: float) -> CastVote:
    ballot = Ballot(event["vote"])
    return CastVote(event["voter"], ballot, event["digest"], event["comment"], at, event.get("option", ballot.value))


def _index(state: ApprovalState, approval: Approval) -> None:
    if approval.status not in OPEN:
        state.open.pop(approval.subject, None)
    if approval.status is Status.REJECTED and approval.kind == Kind.MODEL_DEPLOYMENT:
        state.rejected[approval.task, approval.digest] = approval.approval_id


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
