"""How a workflow of stages goes on: the events after a stage began, ended, failed, or a person said something."""

from hitl.canonical import JsonObject
from hitl.machine.asked import plain_of
from hitl.workflow import forms
from hitl.workflow.events import WorkflowEvent
from hitl.workflow.failure import TITLE, analyse_failure, missed_thresholds
from hitl.workflow.opening import PipelinePosition, opened
from hitl.workflow.options import people
from hitl.workflow.parts import Assignee
from hitl.workflow.patterns import DAY_S, InteractionPlan
from hitl.workflow.stage_events import (
    StageApproved,
    StageAwaitsApproval,
    StageCompleted,
    StageFailed,
    StageReady,
    StageRejected,
    StageReported,
    WorkflowCompleted,
    WorkflowExecuted,
    WorkflowFailed,
    WorkflowGivenUp,
    WorkflowResumed,
)
from hitl.workflow.state import Flow, FlowStatus, Interaction, InteractionPattern, StageState, StageStatus, WorkflowState
from hitl.workflow.templates import GATED_BEFORE


def executed(flow: Flow, by: str, now: float) -> list[WorkflowEvent]:
    return [WorkflowExecuted(workflow_id=flow.workflow_id, by=by), *_enter(flow, flow.stages[0], now)]


def stage_completed(flow: Flow, stage: StageState, result: JsonObject, now: float) -> list[WorkflowEvent]:
    """On to the next stage, to the people who approve it, or to its failure where a threshold is missed."""
    missed = missed_thresholds(stage.config, result) if stage.type == "validation" else []
    if missed:
        return stage_failed(flow, stage, "; ".join(missed), now, result)
    approved = bound_digest(flow) if stage.type in GATED_BEFORE and stage.approvalRequired else None
    if approved is not None and result.get("digest") != approved:
        return stage_failed(flow, stage, f"it reports another digest than the approved one, {approved}", now, result)
    if stage.approvalRequired and stage.type not in GATED_BEFORE:
        return [
            StageReported(workflow_id=flow.workflow_id, stage=stage.name, result=result),
            *_ask_approval(flow, stage, result, now),
        ]
    return _finish(flow, stage, result, now)


def stage_failed(flow: Flow, stage: StageState, error: str, now: float, result: JsonObject | None = None) -> list[WorkflowEvent]:
    analysis = analyse_failure(stage.name, stage.type, error, stage.attempt)
    ended = StageFailed(workflow_id=flow.workflow_id, stage=stage.name, error=error, result=result, will_retry=analysis.willRetry)
    if analysis.willRetry:
        return [ended]
    interaction_id = f"{flow.workflow_id}-{stage.name}-{stage.attempt}-failure"
    lost = WorkflowFailed(workflow_id=flow.workflow_id, error=error, analysis=analysis, interaction_id=interaction_id)
    details = {"title": TITLE, "analysis": plain_of(analysis), "workflow": flow.name}
    made = InteractionPlan(
        "human_input_required", forms.intervention(), DAY_S, _asked(flow, "operator"), details, priority="urgent"
    )
    place = PipelinePosition(flow.name, stage.name, flow.created_by, workflow_id=flow.workflow_id)
    return [ended, lost, opened(interaction_id, InteractionPattern.INTERVENTION, place, made, {}, now)]


def after_stage_answer(
    state: WorkflowState, interaction: Interaction, human_input: JsonObject | None, by: str, now: float
) -> list[WorkflowEvent]:
    """Return what a person's answer, or the lack of one, does to the workflow. Silence approves nothing."""
    flow = state.flows[interaction.workflow_id or ""]
    if flow.interaction_id != interaction.interaction_id:
        return []
    stage, decision = flow.current, (human_input or {}).get("decision")
    if stage is None:
        return []
    if interaction.pattern == InteractionPattern.INTERVENTION:
        return (
            [WorkflowResumed(workflow_id=flow.workflow_id, stage=stage.name, by=by)]
            if decision == "retry"
            else [WorkflowGivenUp(workflow_id=flow.workflow_id, by=by)]
        )
    if decision != "approve":
        how = "was rejected" if decision else "was not approved"
        why = f"stage {stage.name} {how}: {by}"
        return [StageRejected(workflow_id=flow.workflow_id, stage=stage.name, by=by, error=why)]
    if stage.type in GATED_BEFORE:
        return [StageApproved(workflow_id=flow.workflow_id, stage=stage.name, by=by)]
    return [StageApproved(workflow_id=flow.workflow_id, stage=stage.name, by=by), *_finish(flow, stage, stage.result or {}, now)]


def bound_digest(flow: Flow) -> str | None:
    """Return the model that the completed stages made: what an approval of a stage is about."""
    results = [stage.result for stage in flow.stages if stage.status is StageStatus.COMPLETED and stage.result]
    digests = [digest for result in results if isinstance(digest := result.get("digest"), str)]
    return digests[-1] if digests else None


def _enter(flow: Flow, stage: StageState, now: float) -> list[WorkflowEvent]:
    if stage.approvalRequired and stage.type in GATED_BEFORE:
        return _ask_approval(flow, stage, {}, now)
    return [StageReady(workflow_id=flow.workflow_id, stage=stage.name)]


def _finish(flow: Flow, stage: StageState, result: JsonObject, now: float) -> list[WorkflowEvent]:
    done = StageCompleted(workflow_id=flow.workflow_id, stage=stage.name, result=result)
    after = next((each for each in flow.stages if each is not stage and each.status is not StageStatus.COMPLETED), None)
    return [done, *(_enter(flow, after, now) if after else [WorkflowCompleted(workflow_id=flow.workflow_id)])]


def _ask_approval(flow: Flow, stage: StageState, result: JsonObject, now: float) -> list[WorkflowEvent]:
    interaction_id = f"{flow.workflow_id}-{stage.name}-{stage.attempt}-approval"
    before: JsonObject = {each.name: each.result for each in flow.stages if each.status is StageStatus.COMPLETED}
    shown: JsonObject = {"title": f"{flow.name}: approve {stage.name}", "stage_type": stage.type, "config": stage.config}
    details: JsonObject = {
        **shown,
        "result": result,
        "results_before": before,
        "digest": result.get("digest") or bound_digest(flow),
    }
    made = InteractionPlan("awaiting_review", forms.approval(), DAY_S, _asked(flow, "approver"), details)
    place = PipelinePosition(flow.name, stage.name, flow.created_by, workflow_id=flow.workflow_id)
    waits = StageAwaitsApproval(workflow_id=flow.workflow_id, stage=stage.name, interaction_id=interaction_id)
    return [waits, opened(interaction_id, InteractionPattern.APPROVAL, place, made, {}, now)]


def _asked(flow: Flow, role: str) -> list[Assignee]:
    return people(flow.approvers, role) if flow.approvers else [Assignee(None, role)]


OVER = frozenset({FlowStatus.COMPLETED, FlowStatus.CANCELLED})
