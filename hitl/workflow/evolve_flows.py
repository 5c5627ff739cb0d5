"""How an event changes a workflow of stages."""

from typing import assert_never

from hitl.workflow.archiving import note_workflow
from hitl.workflow.durations import measure
from hitl.workflow.events import FlowEvent, StageEvent, WholeEvent
from hitl.workflow.stage_events import (
    StageApproved,
    StageAwaitsApproval,
    StageCompleted,
    StageFailed,
    StageReady,
    StageRejected,
    StageReported,
    StageStarted,
    StageStuck,
    WorkflowCancelled,
    WorkflowCompleted,
    WorkflowCreated,
    WorkflowExecuted,
    WorkflowFailed,
    WorkflowGivenUp,
    WorkflowResumed,
)
from hitl.workflow.state import Flow, FlowStatus, StageState, StageStatus, WorkflowState


def evolve_flow(state: WorkflowState, event: FlowEvent, at: float) -> None:
    """Apply ``event`` in place."""
    if isinstance(event, WorkflowCreated):
        state.flows[event.workflow_id] = _created(event, at)
        return
    flow = state.flows[event.workflow_id]
    flow.updated_at = at
    if isinstance(event, StageEvent):
        _evolve_stage(flow, next(stage for stage in flow.stages if stage.name == event.stage), event, at)
    else:
        _evolve_whole(flow, event, at)
    if isinstance(event, WorkflowCompleted):
        measure(state.durations, "workflow", at - (flow.started_at or at))
    note_workflow(state, flow, at)


def _created(event: WorkflowCreated, at: float) -> Flow:
    return Flow(
        workflow_id=event.workflow_id,
        name=event.name,
        description=event.description,
        experimentName=event.experimentName,
        modelName=event.modelName,
        created_by=event.created_by,
        approvers=event.approvers,
        stages=[StageState(stage.name, stage.type, stage.config, stage.approvalRequired) for stage in event.stages],
        created_at=at,
        updated_at=at,
    )


def _evolve_whole(flow: Flow, event: WholeEvent, at: float) -> None:
    match event:
        case WorkflowExecuted():
            flow.status, flow.started_at = FlowStatus.RUNNING, at
        case WorkflowFailed():
            flow.status, flow.error = FlowStatus.FAILED, event.error
            flow.analysis, flow.interaction_id = event.analysis, event.interaction_id
        case WorkflowGivenUp():
            flow.interaction_id = None
        case WorkflowCompleted():
            flow.status = FlowStatus.COMPLETED
        case WorkflowCancelled():
            flow.status, flow.interaction_id, flow.error = FlowStatus.CANCELLED, None, event.reason
        case _:
            assert_never(event)


def _evolve_stage(flow: Flow, stage: StageState, event: StageEvent, at: float) -> None:
    match event:
        case StageReady():
            stage.status = StageStatus.READY
        case StageStarted():
            stage.status, stage.attempt, stage.worker = StageStatus.RUNNING, event.attempt, event.worker
            stage.started_at, stage.is_stuck, stage.error = at, False, None
        case StageReported():
            stage.result = event.result
        case StageCompleted():
            stage.status, stage.result, stage.completed_at = StageStatus.COMPLETED, event.result, at
        case StageFailed():
            stage.status = StageStatus.READY if event.will_retry else StageStatus.FAILED
            stage.error, stage.result, stage.completed_at = event.error, event.result, at
        case StageStuck():
            stage.is_stuck = True
        case _:
            _evolve_decided(flow, stage, event, at)


def _evolve_decided(
    flow: Flow, stage: StageState, event: StageAwaitsApproval | StageApproved | StageRejected | WorkflowResumed, at: float
) -> None:
    """What people are asked and decide changes the stage and its workflow together."""
    match event:
        case StageAwaitsApproval():
            stage.status, flow.status = StageStatus.AWAITING_APPROVAL, FlowStatus.WAITING_APPROVAL
            flow.interaction_id = event.interaction_id
        case StageApproved():
            stage.status, flow.status, flow.interaction_id = StageStatus.READY, FlowStatus.RUNNING, None
        case StageRejected():
            stage.status, stage.error, stage.completed_at = StageStatus.FAILED, event.error, at
            flow.status, flow.error, flow.interaction_id = FlowStatus.FAILED, event.error, None
        case WorkflowResumed():
            flow.status, flow.error, flow.analysis, flow.interaction_id = FlowStatus.RUNNING, None, None, None
            stage.status, stage.result = StageStatus.READY, None
        case _:
            assert_never(event)
