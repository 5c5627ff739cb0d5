"""Compute what alert rules watch, from views and plain rows: approvals in the journal, runs in MLflow or a workflow."""

from collections.abc import Mapping, Sequence
from typing import Any

from hitl.approval.kinds import ApprovalKind
from hitl.approval.state import RequestStatus
from hitl.approval.views import ApprovalView
from hitl.outbox.alerts import Reading

FAILED = "failed"
ENDED = frozenset({"succeeded", FAILED})
"""Run states that count; a run that goes on or was stopped by a person says nothing."""

SHOWN = 20
"""Ids in a message."""


def oldest_pending_approval_s(approvals: Sequence[ApprovalView], now: float) -> list[Reading]:
    """Return the waiting time of each pending approval."""
    return [
        Reading(row.approval_id, now - row.requested_at, {"task": row.task, "kind": row.kind, "title": row.title})
        for row in approvals
        if row.status is RequestStatus.PENDING
    ]


def pending_deployment_approvals(approvals: Sequence[ApprovalView]) -> list[Reading]:
    """The number of deployments that wait for votes."""
    waiting = [
        row.approval_id for row in approvals if row.status is RequestStatus.PENDING and row.kind == ApprovalKind.MODEL_DEPLOYMENT
    ]
    return [Reading("all", float(len(waiting)), {"waiting": ", ".join(waiting[:SHOWN])})]


def consecutive_run_failures(runs: Sequence[tuple[str, str]]) -> list[Reading]:
    """Return the failures of each experiment since its last success; ``runs`` are (experiment, state), the newest first."""
    streaks: dict[str, int] = {}
    over: set[str] = set()
    for experiment, state in runs:
        if state not in ENDED or experiment in over:
            continue
        streaks.setdefault(experiment, 0)
        if state == FAILED:
            streaks[experiment] += 1
        else:
            over.add(experiment)
    return [Reading(experiment, float(count), {"experiment": experiment}) for experiment, count in streaks.items()]


def dead_deliveries(count: int) -> list[Reading]:
    return [Reading("all", float(count))]


def unanswered_checks(overdue: Mapping[str, int]) -> list[Reading]:
    """By task, the blind checks of automatic decisions that nobody answered in time: each of them counts as wrong."""
    return [Reading(task, float(count), {"task": task}) for task, count in overdue.items()]


def shard_troubles(statuses: Sequence[Mapping[str, Any]]) -> list[Reading]:
    """Return the number of troubles of each shard: its start, its snapshots, its anchor, what it publishes."""
    return [_trouble(status) for status in statuses]


def _trouble(status: Mapping[str, Any]) -> Reading:
    found = dict(status.get("troubles") or {})
    if status.get("failure"):
        found["failure"] = status["failure"]
    return Reading(str(status["shard"]), float(len(found)), {"shard": status["shard"], "troubles": found})
