"""How the events of docs/journal.md add up to the compared state of a shard: a second reading, beside the product's own.

Standard library only. What cannot have happened (two holders, an answer without a lease, a deployment without its quorum)
raises Difference, whatever the live state says.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

REVIEW_COUNTERS = ("opened", "decided", "agreed", "in_time", "leased", "expired", "released", "escalated", "overdue")
COUNTER_OF = {
    "ReviewOpened": "opened",
    "ReviewLeased": "leased",
    "LeaseExpired": "expired",
    "ReviewReleased": "released",
    "ReviewEscalated": "escalated",
    "ReviewOverdue": "overdue",
    "ReviewDecided": "decided",
}
STATUS_AFTER = {
    "ApprovalApproved": "approved",
    "ApprovalRejected": "rejected",
    "ApprovalExpired": "expired",
    "Deployed": "deployed",
    "PolicyAdopted": "deployed",
    "DeploymentFailed": "failed",
}
SERVING = (
    "RolledBack",
    "PolicyReverted",
    "Certified",
    "AutomationStopped",
    "SharesSet",
    "AuditRateSet",
    "PricesSet",
    "ShadowSet",
)
"""The serving events that settle no approval."""

IN_FORCE = {"policy": None, "thresholds": {}, "stopped": {}, "audit": {}, "prices": {}, "shadow": {}}
"""What a serving event puts in force beside its versions, and what an event without the field means."""


class Difference(Exception):
    """Something in the store or in the live state is not what the format says."""


# --- the shards of reviews ------------------------------------------------------------------------


def fold_reviews(commits: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The state after all events of ``commits``."""
    state: dict[str, Any] = {"cursor": 0, "last_lease": 0, "reviews": {}, "examples": {}, "counters": {}}
    for commit in commits:
        for event in commit["events"]:
            apply_review_event(state, event, commit["at"])
    return {**state, "queues": queues_of(state["reviews"]), "held": held_of(state["reviews"])}


def apply_review_event(state: dict[str, Any], event: dict[str, Any], at: float) -> None:
    kind = event["type"]
    if kind == "ReviewOpened":
        review = open_review(state, event, at)
    else:
        review = state["reviews"][event["review_id"]]
        check_move(state, review, event)
        change_review(state, review, event, at)
        ids = ("case_id", "review_id", "task")
        review["history"].append({**{k: v for k, v in event.items() if k not in ids}, "at": at})
    counters = state["counters"].setdefault(review["task"], dict.fromkeys(REVIEW_COUNTERS, 0))
    counters[COUNTER_OF[kind]] += 1
    if kind == "ReviewDecided":
        counters["agreed"] += event["agrees_with_model"] is True
        counters["in_time"] += at <= review["due_at"]


def open_review(state: dict[str, Any], event: dict[str, Any], at: float) -> dict[str, Any]:
    if event["review_id"] in state["reviews"]:
        raise Difference(f"review {event['review_id']} is opened twice")
    given = {k: v for k, v in event.items() if k != "type"}
    opening = {k: event[k] for k in ("type", "queue", "priority", "reason")}
    rest = {"status": "waiting", "is_overdue": False, "escalation": None, "lease": None, "outcome": None}
    review = {**given, **rest, "history": [{**opening, "at": at}]}
    state["reviews"][event["review_id"]] = review
    state["cursor"] = max(state["cursor"], event["position"])
    return review


def check_move(state: dict[str, Any], review: dict[str, Any], event: dict[str, Any]) -> None:
    """No second holder, no answer without the lease, nothing after the decision."""
    kind, lease = event["type"], review["lease"]
    if kind == "ReviewOverdue":
        is_allowed = review["outcome"] is None
    elif kind == "ReviewLeased":
        is_allowed = review["status"] == "waiting" and event["lease"] == state["last_lease"] + 1
    else:
        is_allowed = bool(lease) and (lease["id"], lease["reviewer"]) == (event["lease"], event["reviewer"])
    if not is_allowed:
        raise Difference(f"review {review['review_id']} is {review['status']}: {kind} cannot happen")


def change_review(state: dict[str, Any], review: dict[str, Any], event: dict[str, Any], at: float) -> None:
    kind = event["type"]
    if kind == "ReviewLeased":
        lease = {"id": event["lease"], "reviewer": event["reviewer"], "lease_s": event["lease_s"], "granted_at": at}
        review.update(status="leased", lease=lease)
        state["last_lease"] = event["lease"]
    elif kind == "ReviewDecided":
        names = ("label", "reviewer", "confidence", "comment", "agrees_with_model")
        review.update(status="decided", lease=None, outcome={**{k: event[k] for k in names}, "decided_at": at})
        state["examples"].setdefault(review["task"], []).append(review["review_id"])
    else:
        review.update(queue=event["queue"], priority=event["priority"])
        if kind == "ReviewOverdue":
            review.update(is_overdue=True, escalation=event["reason"])
        else:
            review.update(status="waiting", lease=None)
        if kind == "ReviewEscalated":
            review["escalation"] = event["reason"]


def queues_of(reviews: dict[str, Any]) -> dict[str, dict[str, list[str]]]:
    """What waits, by queue and priority, in the order of the intake."""
    queues: dict[str, dict[str, list[str]]] = {}
    for review in sorted(reviews.values(), key=lambda r: (r["position"], r["review_id"])):
        if review["status"] == "waiting":
            queues.setdefault(review["queue"], {}).setdefault(review["priority"], []).append(review["review_id"])
    return queues


def held_of(reviews: dict[str, Any]) -> dict[str, list[str]]:
    """What each reviewer holds, oldest grant first."""
    held: dict[str, list[str]] = {}
    for review in sorted((r for r in reviews.values() if r["lease"]), key=lambda r: r["lease"]["id"]):
        held.setdefault(review["lease"]["reviewer"], []).append(review["review_id"])
    return held


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
    elif kind not in SERVING:
        close_approval(state["approvals"][event["approval_id"]], event, at)
    if kind in (*SERVING, "Deployed", "PolicyAdopted"):
        serve(state, event, at)


def close_approval(approval: dict[str, Any], event: dict[str, Any], at: float) -> None:
    if event["type"] in ("Deployed", "PolicyAdopted"):
        check_quorum(approval, event)
    is_end = event["type"] in ("Deployed", "PolicyAdopted", "DeploymentFailed")
    approval.update(status=STATUS_AFTER[event["type"]], closing_reason=event.get("reason"))
    approval["settled_at" if is_end else "decided_at"] = at


def check_quorum(approval: dict[str, Any], event: dict[str, Any]) -> None:
    """Nothing serves without a quorum of others than its author for exactly these bytes, and no rejection."""
    votes = [v for v in approval["votes"] if v["digest"] == event["digest"] and v["voter"] != approval["requested_by"]]
    approving = {v["voter"] for v in votes if v["vote"] == "approve"}
    if event["type"] == "Deployed":
        is_bound = approval["digest"] in [digest for digest, _ in event["versions"]]
    else:
        is_bound = event["policy"] == approval["evidence"]["policy"] and digest_of(event["policy"]) == approval["digest"]
    is_bound = is_bound and approval["status"] == "approved"
    if not is_bound or len(approving) < approval["quorum"] or any(v["vote"] == "reject" for v in votes):
        raise Difference(f"approval {approval['approval_id']} was deployed without its quorum")


def serve(state: dict[str, Any], event: dict[str, Any], at: float) -> None:
    history = state["serving"].setdefault(event["task"], [])
    if event["generation"] != len(history) + 1:
        raise Difference(f"task {event['task']} skips to generation {event['generation']}")
    check_shares(history, event)
    line = {"since": at, "cause": event["type"], "operator": event.get("operator"), "reason": event.get("reason")}
    steering = {name: event.get(name, default) for name, default in IN_FORCE.items()}
    history.append({**line, **steering, **{k: event[k] for k in ("task", "generation", "versions", "approval_id")}})


def check_shares(history: list[dict[str, Any]], event: dict[str, Any]) -> None:
    """No other event than a deployment brings a model that never served, and no other than a policy's brings a policy."""
    known = {digest for line in history for digest, _ in line["versions"]} | {event.get("digest")}
    if not {digest for digest, _ in event["versions"]} <= known:
        raise Difference(f"{event['type']} of task {event['task']} serves a model that was never deployed")
    before = history[-1]["policy"] if history else None
    if event["type"] not in ("PolicyAdopted", "PolicyReverted") and event.get("policy") != before:
        raise Difference(f"{event['type']} of task {event['task']} changes the policy")


def digest_of(value: Any) -> str:
    """SHA-256 of the canonical JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
