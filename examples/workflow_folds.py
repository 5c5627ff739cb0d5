"""How the events of the ``workflow`` shard add up to its compared state, written from docs/journal.md: a second reading.

Standard library only. Raises Difference for what cannot have happened: an interaction that was closed twice.
"""

from collections.abc import Iterable
from typing import Any

from journal_folds import Difference, digest_of

State = dict[str, Any]
NEW_INTERACTION = dict.fromkeys(("human_input", "closed_by", "completed_at", "reason"))
NEW_CASE = {"state": "started", "context": {}, "results": {}, "transitions": [], "interaction_id": None, "error": None}
NEW_STAGE = {"status": "pending", "attempt": 0, "is_stuck": False}
NEW_FLOW = {"status": "created"} | dict.fromkeys(("started_at", "interaction_id", "analysis", "error"))
EMPTY_STAGE = dict.fromkeys(("worker", "started_at", "completed_at", "result", "error"))

STAGE_STATUS = {
    "StageReady": "ready",
    "StageStarted": "running",
    "StageAwaitsApproval": "awaiting_approval",
    "StageApproved": "ready",
    "StageRejected": "failed",
    "StageCompleted": "completed",
    "StageFailed": "failed",
    "WorkflowResumed": "ready",
}
FLOW_STATUS = {
    "WorkflowExecuted": "running",
    "StageAwaitsApproval": "waiting_approval",
    "StageApproved": "running",
    "StageRejected": "failed",
    "WorkflowResumed": "running",
    "WorkflowFailed": "failed",
    "WorkflowCompleted": "completed",
    "WorkflowCancelled": "cancelled",
}
OVER = ("completed", "failed", "cancelled", "expired")
ALPHA = 0.1


def fold_workflows(commits: Iterable[dict[str, Any]]) -> State:
    """The state after all events of ``commits``."""
    state: State = {"interactions": {}, "cases": {}, "workflows": {}, "durations": {}, "change_count": 0}
    for commit in commits:
        for event in commit["events"]:
            apply_event(state, event, commit["at"])
    return {**state, "waiting": waiting_of(state["interactions"])}


def apply_event(state: State, event: dict[str, Any], at: float) -> None:
    if event["type"] == "WorkflowObjectArchived":
        archive_object(state, event)
    elif event["type"] == "WorkflowObjectRecalled":
        recall_object(state, event)
    elif "channel" in event:
        apply_interaction_event(state, event, at)
    elif event["type"].startswith("Case"):
        apply_case_event(state, event, at)
    else:
        apply_flow_event(state, event, at)


def apply_interaction_event(state: State, event: dict[str, Any], at: float) -> None:
    kind, name = event["type"], event["interaction_id"]
    state["change_count"] += kind not in ("ApproversAsked", "ApproversReleased")
    if kind == "InteractionOpened":
        fields = {k: v for k, v in event.items() if k not in ("type", "channel")}
        state["interactions"][name] = {**fields, "created_at": at, "status": "pending", "answers": {}, **NEW_INTERACTION}
        return
    found = state["interactions"][name]
    if kind in ("ApproversAsked", "ApproversReleased"):
        apply_parts_event(state, event, found, at)
        return
    if found["status"] != "pending":
        raise Difference(f"interaction {name} was over before {kind}")
    if kind == "AnswerGiven":
        found["answers"][event["user_id"]] = {"input": event["input"], "at": at}
    elif kind == "InteractionRefined":
        found["details"] = {**found["details"], **event["details"]}
        found["ui_schema"] = event["ui_schema"]
    elif kind == "InteractionEscalated":
        entry = {"by": event["by"], "message": event["message"], "at": at}
        found["details"] = {**found["details"], "escalations": [*found["details"].get("escalations", []), entry]}
    else:
        found.update({k: event[k] for k in ("status", "human_input", "closed_by", "reason")}, completed_at=at)
        if event["status"] == "completed":
            measure(state, "review", at - found["created_at"])


def apply_parts_event(state: State, event: dict[str, Any], request: dict[str, Any], at: float) -> None:
    """The same for each part as an event of its own would be."""
    for approver in request["details"]["approvers"]:
        name = f"{event['interaction_id']}_{approver}"
        part = {"interaction_id": name}
        if event["type"] == "ApproversAsked":
            same = ("pipeline_name", "step_name", "task", "timeout_seconds", "created_by", "expires_at")
            details = {"approval_id": event["interaction_id"], "approver": approver, "type": "approval_request"}
            part |= {"type": "InteractionOpened", "pattern": "approval", "parent": event["interaction_id"], "details": details}
            part |= {"workflow_id": None, "data": {}, "rule": None, "default_input": None, "priority": "normal"}
            part |= {"assignments": [{"user_id": approver, "role": "approver", "assigned_at": at}]}
            part |= {k: event[k] for k in ("step_status", "ui_schema")} | {k: request[k] for k in same}
        elif state["interactions"][name]["status"] == "pending":
            part |= {"type": "InteractionClosed", "human_input": None} | {k: event[k] for k in ("status", "closed_by", "reason")}
        else:
            continue
        apply_interaction_event(state, part, at)


def archive_object(state: State, event: dict[str, Any]) -> None:
    """It leaves the compared state; the digest proves what is kept of it."""
    for kind, name in (("interaction", "interactions"), ("case", "cases"), ("stages", "workflows")):
        what, _, object_id = event["object_id"].partition("/")
        if what == ("interaction" if kind == "interaction" else "workflow") and object_id in state[name]:
            found = state[name].pop(object_id)
            if found.get("status", found.get("state")) not in OVER:
                raise Difference(f"{event['object_id']} left memory too early")
            if digest_of([{"kind": kind, **found}]) != event["kept"]:
                raise Difference(f"what is kept of {event['object_id']} is another")
            return
    raise Difference(f"{event['object_id']} left memory twice")


def recall_object(state: State, event: dict[str, Any]) -> None:
    """It comes back as it was kept, at its place among the others."""
    kind = event["object"]["kind"]
    name = {"interaction": "interactions", "case": "cases", "stages": "workflows"}[kind]
    found = {k: v for k, v in event["object"].items() if k != "kind"}
    objects = {**state[name], event["object_id"].partition("/")[2]: found}
    state[name] = dict(sorted(objects.items(), key=lambda pair: (pair[1]["created_at"], pair[0])))


def apply_case_event(state: State, event: dict[str, Any], at: float) -> None:
    if event["type"] == "CaseStarted":
        fields = {k: event[k] for k in ("workflow_id", "template", "request_data", "started_by")}
        new = {k: type(v)(v) if isinstance(v, (dict, list)) else v for k, v in NEW_CASE.items()}
        case = {**new, **fields, "type": event["workflow_type"], "created_at": at, "updated_at": at}
        state["cases"][event["workflow_id"]] = case
        return
    case = state["cases"][event["workflow_id"]]
    left = event["from_state"]
    case["results"][left] = {**case["results"].get(left, {}), **event["result"]}
    case["context"].update(event.get("context", {}))
    case.update(state=event["to_state"], updated_at=at, **{k: event[k] for k in ("interaction_id", "error") if k in event})
    case["transitions"].append({**{k: event[k] for k in ("from_state", "to_state", "trigger")}, "timestamp": at})
    if event["to_state"] == "completed":
        measure(state, f"case:{case['type']}", at - case["created_at"])


def apply_flow_event(state: State, event: dict[str, Any], at: float) -> None:
    kind = event["type"]
    if kind == "WorkflowCreated":
        fields = {k: v for k, v in event.items() if k not in ("type", "stages")}
        stages = [{**stage, **NEW_STAGE, **EMPTY_STAGE} for stage in event["stages"]]
        state["workflows"][event["workflow_id"]] = {**fields, "stages": stages, "created_at": at, "updated_at": at, **NEW_FLOW}
        return
    flow = state["workflows"][event["workflow_id"]]
    flow.update(updated_at=at, status=FLOW_STATUS.get(kind, flow["status"]))
    if "stage" in event:
        change_stage(next(stage for stage in flow["stages"] if stage["name"] == event["stage"]), event, at)
    change_flow(flow, event, at)
    if kind == "WorkflowCompleted":
        measure(state, "workflow", at - flow["started_at"])


def change_stage(stage: dict[str, Any], event: dict[str, Any], at: float) -> None:
    kind = event["type"]
    stage["status"] = "ready" if event.get("will_retry") else STAGE_STATUS.get(kind, stage["status"])
    if kind == "StageStarted":
        stage.update(attempt=event["attempt"], worker=event["worker"], started_at=at, is_stuck=False, error=None)
    if kind in ("StageReported", "StageCompleted", "StageFailed"):
        stage["result"] = event["result"]
    if kind in ("StageRejected", "StageFailed"):
        stage["error"] = event["error"]
    if kind in ("StageRejected", "StageFailed", "StageCompleted"):
        stage["completed_at"] = at
    if kind == "StageStuck":
        stage["is_stuck"] = True
    if kind == "WorkflowResumed":
        stage["result"] = None


def change_flow(flow: dict[str, Any], event: dict[str, Any], at: float) -> None:
    kind = event["type"]
    if kind == "WorkflowExecuted":
        flow["started_at"] = at
    if kind in ("StageAwaitsApproval", "WorkflowFailed"):
        flow["interaction_id"] = event["interaction_id"]
    if kind in ("StageApproved", "StageRejected", "WorkflowResumed", "WorkflowGivenUp", "WorkflowCancelled"):
        flow["interaction_id"] = None
    if kind in ("WorkflowFailed", "StageRejected"):
        flow["error"] = event["error"]
    if kind == "WorkflowCancelled":
        flow["error"] = event["reason"]
    if kind == "WorkflowFailed":
        flow["analysis"] = event["analysis"]
    if kind == "WorkflowResumed":
        flow.update(error=None, analysis=None)


def measure(state: State, kind: str, seconds: float) -> None:
    """Counts, adds up, and a moving average that begins at its first sample."""
    known = state["durations"].setdefault(kind, {"count": 0, "total_s": 0.0, "smoothed_s": seconds})
    if known["count"]:
        known["smoothed_s"] = (1 - ALPHA) * known["smoothed_s"] + ALPHA * seconds
    known["count"] += 1
    known["total_s"] += seconds


def waiting_of(interactions: dict[str, Any]) -> dict[str, list[str]]:
    """The pending interactions by who may answer, oldest first."""
    waiting: dict[str, list[str]] = {}
    for name, found in interactions.items():
        for each in found["assignments"] if found["status"] == "pending" else ():
            key = f"role:{each['role']}" if each["user_id"] is None else f"user:{each['user_id']}"
            waiting.setdefault(key, []).append(name)
    return waiting
