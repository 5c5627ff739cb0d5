"""How an event changes a workflow of stages: one small function an event."""

from collections.abc import Callable
from typing import Any

from hitl.workflow.durations import measure
from hitl.workflow.state import Flow, FlowStatus, Stage, StageStatus, WorkflowState

Event = dict[str, Any]
RECORD = ("workflow_id", "name", "description", "experimentName", "modelName", "created_by", "approvers")


def evolve_flow(state: WorkflowState, event: Event, at: float) -> None:
    """Apply ``event`` in place."""
    if event["type"] == "WorkflowCreated":
        stages = [Stage(**stage) for stage in event["stages"]]
        fields = {name: event[name] for name in RECORD}
        state.flows[event["workflow_id"]] = Flow(stages=stages, created_at=at, updated_at=at, **fields)
        return
    flow = state.flows[event["workflow_id"]]
    flow.updated_at = at
    if "stage" in event:
        stage = next(each for each in flow.stages if each.name == event["stage"])
        STAGE_EVENTS[event["type"]](flow, stage, event, at)
    else:
        WHOLE_EVENTS[event["type"]](flow, event, at)
    if event["type"] == "WorkflowCompleted":
        measure(state.durations, "workflow", at - (flow.started_at or at))


def _executed(flow: Flow, event: Event, at: float) -> None:
    flow.status, flow.started_at = FlowStatus.RUNNING, at


def _failed(flow: Flow, event: Event, at: float) -> None:
    flow.status, flow.error = FlowStatus.FAILED, event["error"]
    flow.analysis, flow.interaction_id = event["analysis"], event["interaction_id"]


def _given_up(flow: Flow, event: Event, at: float) -> None:
    flow.interaction_id = None


def _completed(flow: Flow, event: Event, at: float) -> None:
    flow.status = FlowStatus.COMPLETED


def _cancelled(flow: Flow, event: Event, at: float) -> None:
    flow.status, flow.interaction_id, flow.error = FlowStatus.CANCELLED, None, event["reason"]


def _stage_ready(flow: Flow, stage: Stage, event: Event, at: float) -> None:
    stage.status = StageStatus.READY


def _stage_started(flow: Flow, stage: Stage, event: Event, at: float) -> None:
    stage.status, stage.attempt, stage.worker = StageStatus.RUNNING, event["attempt"], event["worker"]
    stage.started_at, stage.is_stuck, stage.error = at, False, None


def _stage_reported(flow: Flow, stage: Stage, event: Event, at: float) -> None:
    stage.result = event["result"]


def _stage_awaits(flow: Flow, stage: Stage, event: Event, at: float) -> None:
    stage.status, flow.status = StageStatus.AWAITING_APPROVAL, FlowStatus.WAITING_APPROVAL
    flow.interaction_id = event["interaction_id"]


def _stage_approved(flow: Flow, stage: Stage, event: Event, at: float) -> None:
    stage.status, flow.status, flow.interaction_id = StageStatus.READY, FlowStatus.RUNNING, None


def _stage_rejected(flow: Flow, stage: Stage, event: Event, at: float) -> None:
    stage.status, stage.error, stage.completed_at = StageStatus.FAILED, event["error"], at
    flow.status, flow.error, flow.interaction_id = FlowStatus.FAILED, event["error"], None


def _stage_completed(flow: Flow, stage: Stage, event: Event, at: float) -> None:
    stage.status, stage.result, stage.completed_at = StageStatus.COMPLETED, event["result"], at


def _stage_failed(flow: Flow, stage: Stage, event: Event, at: float) -> None:
    stage.status = StageStatus.READY if event["will_retry"] else StageStatus.FAILED
    stage.error, stage.result, stage.completed_at = event["error"], event["result"], at


def _stage_stuck(flow: Flow, stage: Stage, event: Event, at: float) -> None:
    stage.is_stuck = True


def _resumed(flow: Flow, stage: Stage, event: Event, at: float) -> None:
    flow.status, flow.error, flow.analysis, flow.interaction_id = FlowStatus.RUNNING, None, None, None
    stage.status, stage.result = StageStatus.READY, None


WHOLE_EVENTS: dict[str, Callable[[Flow, Event, float], None]] = {
    "WorkflowExecuted": _executed,
    "WorkflowFailed": _failed,
    "WorkflowGivenUp": _given_up,
    "WorkflowCompleted": _completed,
    "WorkflowCancelled": _cancelled,
}

STAGE_EVENTS: dict[str, Callable[[Flow, Stage, Event, float], None]] = {
    "StageReady": _stage_ready,
    "StageStarted": _stage_started,
    "StageReported": _stage_reported,
    "StageAwaitsApproval": _stage_awaits,
    "StageApproved": _stage_approved,
    "StageRejected": _stage_rejected,
    "StageCompleted": _stage_completed,
    "StageFailed": _stage_failed,
    "StageStuck": _stage_stuck,
    "WorkflowResumed": _resumed,
}

FLOW_EVENTS = frozenset({"WorkflowCreated", *WHOLE_EVENTS, *STAGE_EVENTS})
