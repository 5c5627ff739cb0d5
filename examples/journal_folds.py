"""How the events of docs/journal.md add up to the compared state of the approvals: a second reading, beside the product's own.

Standard library only. What cannot have happened (a deployment without its quorum) raises Difference, whatever the live state
says.
"""

from collections.abc import Iterable
from typing import Any

from review_folds import Difference

STATUS_AFTER = {
    "ApprovalApproved": "approved",
    "ApprovalRejected": "rejected",
    "ApprovalExpired": "expired",
    "Deployed": "deployed",
    "DeploymentFailed": "failed",
}


# --- the shard of approvals -----------------------------------------------------------------------


def fold_approvals(commits: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The state after all events of ``commits``."""
    state: dict[str, Any] = {"approvals": {}, "serving": {}}
    for commit in commits:
        for event in commit["events"]:
            apply_approval_event(state, event, commit["at"])
    return state


def apply_approval_event(state: dict[str, Any], event: dict[str, Any], at: float) -> None:
    kind = event["type"]
    if kind == "ApprovalRequested":
        given = {k: v for k, v in event.items() if k != "type"}
        open_ = {"requested_at": at, "status": "pending", "votes": [], "decided_at": None, "settled_at": None}
        state["approvals"][event["approval_id"]] = {**given, **open_, "closing_reason": None}
    elif kind == "VoteCast":
        vote = {**{k: event[k] for k in ("voter", "vote", "digest", "comment")}, "at": at}
        state["approvals"][event["approval_id"]]["votes"].append(vote)
    elif kind != "RolledBack":
        close_approval(state["approvals"][event["approval_id"]], event, at)
    if kind in ("Deployed", "RolledBack"):
        serve(state, event, at)


def close_approval(approval: dict[str, Any], event: dict[str, Any], at: float) -> None:
    if event["type"] == "Deployed":
        check_quorum(approval, event)
    is_end = event["type"] in ("Deployed", "DeploymentFailed")
    approval.update(status=STATUS_AFTER[event["type"]], closing_reason=event.get("reason"))
    approval["settled_at" if is_end else "decided_at"] = at


def check_quorum(approval: dict[str, Any], event: dict[str, Any]) -> None:
    """Nothing serves without a quorum of others than its author for exactly these bytes, and no rejection."""
    votes = [v for v in approval["votes"] if v["digest"] == event["digest"] and v["voter"] != approval["requested_by"]]
    approving = {v["voter"] for v in votes if v["vote"] == "approve"}
    is_bound = event["versions"] == [[approval["digest"], 1.0]] and approval["status"] == "approved"
    if not is_bound or len(approving) < approval["quorum"] or any(v["vote"] == "reject" for v in votes):
        raise Difference(f"approval {approval['approval_id']} was deployed without its quorum")


def serve(state: dict[str, Any], event: dict[str, Any], at: float) -> None:
    history = state["serving"].setdefault(event["task"], [])
    if event["generation"] != len(history) + 1:
        raise Difference(f"task {event['task']} skips to generation {event['generation']}")
    line = {"since": at, "cause": event["type"], "operator": event.get("operator"), "reason": event.get("reason")}
    history.append({**line, **{k: event[k] for k in ("task", "generation", "versions", "approval_id")}})
