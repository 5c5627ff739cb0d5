"""Count what people did, from the journals' events. A duration is in the event, or its start was remembered."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hitl.journal.entry import Commit
from hitl.metrics.gains import Gains, Start

Event = dict[str, Any]

TWO_HOURS_S = 7_200.0

COUNTED = {
    "ReviewOverdue": "overdue",
    "ReviewEscalated": "escalated",
    "LeaseExpired": "lease_expired",
    "DecisionUndone": "undone",
    "DecisionSuperseded": "superseded",
    "Deployed": "deployed",
    "DeploymentFailed": "deployment_failed",
    "RolledBack": "rolled_back",
    "WorkflowFailed": "workflow_failed",
}
"""Events that are counted and nothing else."""

STARTS = {
    "ApprovalRequested": "approval_id",
    "InteractionOpened": "interaction_id",
    "CaseStarted": "workflow_id",
    "WorkflowExecuted": "workflow_id",
}
ENDS = {
    "ApprovalApproved": "approval_id",
    "ApprovalRejected": "approval_id",
    "ApprovalExpired": "approval_id",
    "ApprovalCancelled": "approval_id",
    "InteractionClosed": "interaction_id",
    "CaseMoved": "workflow_id",
    "WorkflowCompleted": "workflow_id",
    "WorkflowCancelled": "workflow_id",
}
"""What begins and what may end, by the field that names it."""


def ends(commits: Sequence[Commit]) -> list[str]:
    """The ids of what may end in ``commits``: their starts are asked for before counting."""
    return [event[ENDS[event["type"]]] for commit in commits for event in commit.events if event["type"] in ENDS]


def count_events(commits: Sequence[Commit], starts: Mapping[str, Start]) -> Gains:
    """Increments from ``commits`` of one shard; ``starts`` holds the remembered start of whatever may end in them."""
    gains = Gains()
    for commit in commits:
        for event in commit.events:
            _count(gains, event, commit.at, {**starts, **gains.started})
    return gains


def _count(gains: Gains, event: Event, at: float, starts: Mapping[str, Start]) -> None:
    kind = event["type"]
    if kind in COUNTED:
        gains.add(at, event.get("task"), COUNTED[kind])
    if kind in STARTS:
        _start(gains, event, at)
    if kind in SPECIAL:
        SPECIAL[kind](gains, event, at)
    if kind in ENDS and (start := starts.get(event[ENDS[kind]])) is not None:
        _end(gains, event, at, start)


def _start(gains: Gains, event: Event, at: float) -> None:
    kind = str(event.get("kind") or event.get("pattern") or event["type"])
    gains.started[event[STARTS[event["type"]]]] = Start(at, event.get("task") or "-", kind)
    gains.add(at, event.get("task"), "requested" if event["type"] == "ApprovalRequested" else "started")


def _end(gains: Gains, event: Event, at: float, start: Start) -> None:
    outcome = _outcome(event)
    if outcome is None:
        return
    family = {"a": "approval", "i": "interaction", "w": "workflow"}[ENDS[event["type"]][0]]
    gains.ended.add(event[ENDS[event["type"]]])
    gains.add(at, start.task, f"{family}_{outcome}")
    gains.add(at, start.task, f"{family}_s", at - start.at)
    gains.add(at, start.task, f"{family}_closed")
    if start.kind == "model_deployment":
        gains.add(at, start.task, "deployment_closed")


def _outcome(event: Event) -> str | None:
    """The outcome, if it ended; None when it goes on."""
    match event["type"]:
        case "InteractionClosed":
            return str(event["status"])
        case "CaseMoved":
            return {"completed": "completed", "failed": "failed"}.get(event["to_state"])
        case kind:
            return str(kind).removeprefix("Approval").removeprefix("Workflow").lower()


def _opened(gains: Gains, event: Event, at: float) -> None:
    gains.add(at, event["task"], "reviews" if event.get("purpose", "review") == "review" else "checks")


def _answered(gains: Gains, event: Event, at: float) -> None:
    """One person's answer: the wait before it, and the work on it."""
    task = event["task"]
    gains.add(at, task, "answers")
    gains.add(at, task, f"by:{event['reviewer']}")
    if event.get("is_expert"):
        gains.add(at, task, "expert_answers")
    seen = event.get("seen")
    if seen and seen["granted_at"] is not None:
        gains.add(at, task, "timed_answers")
        gains.add(at, task, "work_s", at - seen["granted_at"])
        gains.add(at, task, "wait_s", seen["granted_at"] - seen["opened_at"])


def _decided(gains: Gains, event: Event, at: float) -> None:
    """The answer that ends a review."""
    _answered(gains, event, at)
    if "final_at" not in event:  # before decisions had a window: final at once
        _final(gains, event, at)
    if (seen := event.get("seen")) is None:
        return
    task, resolved_s = event["task"], event.get("final_at", at) - seen["opened_at"]
    gains.add(at, task, "timed_decisions")
    gains.add(at, task, "response_s", at - seen["opened_at"])
    gains.add(at, task, "resolution_s", resolved_s)
    gains.add(at, task, "in_two_hours", float(resolved_s < TWO_HOURS_S))
    gains.add(at, task, "in_time", float(at <= seen["due_at"]))


def _final(gains: Gains, event: Event, at: float) -> None:
    gains.add(at, event["task"], "decided")
    if event["agrees_with_model"] is not None:
        gains.add(at, event["task"], "compared")
        gains.add(at, event["task"], "agreed", float(event["agrees_with_model"]))


SPECIAL: dict[str, Callable[[Gains, Event, float], None]] = {
    "ReviewOpened": _opened,
    "ReviewAnswered": _answered,
    "ReviewDecided": _decided,
    "DecisionFinal": _final,
}
