"""How the events of docs/journal.md add up to the compared state of the approvals: a second reading, beside the product's own.

Standard library only. What cannot have happened (a deployment without its quorum) raises Difference, whatever the live state
says.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from review_folds import Difference

STATUS_AFTER = {
    "ApprovalApproved": "approved",
    "ApprovalRejected": "rejected",
    "ApprovalExpired": "expired",
    "ApprovalCancelled": "cancelled",
    "Deployed": "deployed",
    "PolicyAdopted": "deployed",
    "DefinitionAdopted": "deployed",
    "DeploymentFailed": "failed",
}
SERVING = (
    "RolledBack",
    "PolicyReverted",
    "Certified",
    "CertificationPlanned",
    "CertificateWithdrawn",
    "AutomationStopped",
    "SharesSet",
    "AuditRateSet",
    "PricesSet",
    "ShadowSet",
)
"""The serving events that settle no approval."""

ADOPTING = ("Deployed", "PolicyAdopted", "DefinitionAdopted")
"""The serving events that settle an approval."""

IN_FORCE = {"policy": None, "thresholds": {}, "stopped": {}, "audit": {}, "prices": {}, "shadow": {}}
"""What a serving event puts in force beside its versions, and what an event without the field means."""


# --- the shard of approvals -----------------------------------------------------------------------


def fold_approvals(commits: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The state after all events of ``commits``."""
    state: dict[str, Any] = {"approvals": {}, "serving": {}, "absences": {}, "places": {}}
    for commit in commits:
        for event in commit["events"]:
            apply_approval_event(state, event, commit["at"])
    return {name: value for name, value in state.items() if name != "places"}


def apply_approval_event(state: dict[str, Any], event: dict[str, Any], at: float) -> None:
    kind = event["type"]
    if kind == "ApprovalRequested":
        state["places"][event["approval_id"]] = max(int(at * 1_000_000), next(reversed(state["places"].values()), 0) + 1)
        state["approvals"][event["approval_id"]] = open_approval(event, at)
    elif kind == "ApprovalArchived":
        archive_approval(state, event)
    elif kind == "AbsenceSet":
        state["absences"][event["person"]] = {"until": event["until"], "deputy": event["deputy"]}
    elif kind == "DefinitionsRecorded":
        record_definitions(state, event, at)
    elif kind not in SERVING:
        change_approval(state["approvals"][event["approval_id"]], event, at)
    if kind in (*SERVING, *ADOPTING):
        serve(state, event, at)


def record_definitions(state: dict[str, Any], event: dict[str, Any], at: float) -> None:
    for task, body in event["definitions"].items():
        first = {"digest": digest_of(body), "body": body, "generation": 0, "since": at, "approval_id": None, "fits": True}
        state.setdefault("definitions", {})[task] = [first]


def archive_approval(state: dict[str, Any], event: dict[str, Any]) -> None:
    """It leaves the compared state; the digest proves what is kept of it."""
    approval = state["approvals"].pop(event["approval_id"])
    if approval["status"] == "pending" or approval["kind"] in ("model_deployment", "policy_change", "task_change"):
        raise Difference(f"approval {event['approval_id']} left memory too early")
    kept = {**approval, "place": state["places"][event["approval_id"]]}
    if event["kept"] not in (digest_of([kept]), digest_of([approval])):  # older versions kept it without its place
        raise Difference(f"what is kept of approval {event['approval_id']} is another")


def open_approval(event: dict[str, Any], at: float) -> dict[str, Any]:
    given = {k: v for k, v in event.items() if k != "type"}
    said: dict[str, Any] = {"description": "", "context": {}, "options": [], "urgency": "medium", "metadata": {}, "checks": []}
    steps: dict[str, Any] = {"schedule": [], "step": 0, "tells": None, "sealed": {}, "cipher": {}}
    voting = {"policy": quorum_policy(event["quorum"]), "asked": [], "is_open": True, "default": None, "shown": None}
    open_ = {"requested_at": at, "status": "pending", "votes": [], "decided_at": None, "settled_at": None}
    ends = {"closing_reason": None, "choice": None}
    history = [{"type": event["type"], "by": event["requested_by"], "at": at}]
    return {**said, **voting, **steps, **given, **open_, **ends, "history": history}


def quorum_policy(quorum: int) -> dict[str, Any]:
    """How votes count where the request does not say it."""
    nobody: dict[str, Any] = {"requires": {}, "groups": {}, "weights": {}, "excluded": []}
    return {"rule": "quorum", "need": quorum, "veto": ["*"], **nobody}


def change_approval(approval: dict[str, Any], event: dict[str, Any], at: float) -> None:
    is_serving = event["type"] in ADOPTING
    ids = event.keys() - {"type", "generation"} if is_serving else {"approval_id", "task", "digest"}
    approval["history"].append({**{k: v for k, v in event.items() if k not in ids}, "at": at})
    if event["type"] == "VoteCast":
        vote = {**{k: event[k] for k in ("voter", "vote", "digest", "comment")}, "at": at}
        approval["votes"].append({**vote, "option": event.get("option", event["vote"])})
    elif event["type"] in ("ApprovalReminded", "ApprovalEscalated"):
        approval["step"] = approval["step"] if event["step"] is None else event["step"] + 1
        if event["type"] == "ApprovalEscalated" and event["cause"] in ("timeout", "away") and not approval["is_open"]:
            approval["asked"] += event["ask"]
    elif event["type"] == "VoteDelegated":
        hand_over(approval, event["by"], event["to"])
    else:
        close_approval(approval, event, at)


def hand_over(approval: dict[str, Any], by: str, to: str) -> None:
    """``to`` stands wherever ``by`` stood."""
    policy = approval["policy"]
    approval["asked"] = [to if name == by else name for name in approval["asked"]]
    policy["veto"] = [to if name == by else name for name in policy["veto"]]
    policy["weights"] = {to if name == by else name: weight for name, weight in policy["weights"].items()}
    for group, people in policy["groups"].items():
        policy["groups"][group] = [to if name == by else name for name in people]


def close_approval(approval: dict[str, Any], event: dict[str, Any], at: float) -> None:
    if event["type"] in ADOPTING:
        check_quorum(approval, event)
    is_end = event["type"] in (*ADOPTING, "DeploymentFailed")
    approval.update(status=STATUS_AFTER[event["type"]], closing_reason=event.get("reason"))
    approval["settled_at" if is_end else "decided_at"] = at
    if not is_end:
        approval["choice"] = event.get("choice")


def check_quorum(approval: dict[str, Any], event: dict[str, Any]) -> None:
    """Nothing serves without a quorum of others than its author for exactly these bytes, and no rejection."""
    votes = [v for v in approval["votes"] if v["digest"] == event["digest"] and v["voter"] != approval["requested_by"]]
    approving = {v["voter"] for v in votes if v["vote"] == "approve"}
    if event["type"] == "Deployed":
        is_bound = approval["digest"] in [digest for digest, _ in event["versions"]]
    elif event["type"] == "DefinitionAdopted":
        is_bound = event["body"] == approval["evidence"]["definition"] and digest_of(event["body"]) == approval["digest"]
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
    if event.get("definition") is not None:
        steering["definition"] = event["definition"]
    history.append({**line, **steering, **{k: event[k] for k in ("task", "generation", "versions", "approval_id")}})
    if event["type"] == "DefinitionAdopted":
        said = {name: event[name] for name in ("digest", "body", "generation", "approval_id", "fits")}
        state.setdefault("definitions", {}).setdefault(event["task"], []).append({**said, "since": at})


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
