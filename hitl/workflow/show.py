"""Interactions and workflows as views, and as the documents' JSON objects."""

from datetime import UTC, datetime

from hitl.canonical import JsonObject
from hitl.workflow.analytics import (
    case_estimate,
    case_progress,
    decision_status,
    flow_estimate,
    flow_progress,
    is_stuck,
)
from hitl.workflow.interactions import tally_of
from hitl.workflow.shown import shown_details, shown_form
from hitl.workflow.state import Case, Flow, Interaction, InteractionPattern, StageState, WorkflowState
from hitl.workflow.views import CaseView, InteractionView, StagedWorkflow, StageView


def show_interaction(state: WorkflowState, interaction: Interaction) -> InteractionView:
    """Every field and the live count of votes."""
    details = shown_details(state, interaction)
    return InteractionView(
        interaction_id=interaction.interaction_id,
        pattern=interaction.pattern,
        pipeline_name=interaction.pipeline_name,
        step_name=interaction.step_name,
        step_status=interaction.step_status,
        task=interaction.task,
        workflow_id=interaction.workflow_id,
        parent=interaction.parent,
        data=interaction.data,
        details=details,
        ui_schema=shown_form(interaction, details),
        assignments=interaction.assignments,
        rule=interaction.rule,
        default_input=interaction.default_input,
        priority=interaction.priority,
        timeout_seconds=interaction.timeout_seconds,
        created_by=interaction.created_by,
        created_at=interaction.created_at,
        expires_at=interaction.expires_at,
        status=interaction.status,
        answers=dict(interaction.answers),
        human_input=interaction.human_input,
        closed_by=interaction.closed_by,
        completed_at=interaction.completed_at,
        reason=interaction.reason,
        tally=tally_of(interaction),
    )


def show_case(state: WorkflowState, case: Case) -> CaseView:
    """Every field, with progress and expected end."""
    return CaseView(
        workflow_id=case.workflow_id,
        type=case.type,
        template=case.template,
        request_data=case.request_data,
        started_by=case.started_by,
        created_at=case.created_at,
        updated_at=case.updated_at,
        state=case.state,
        context=dict(case.context),
        results=dict(case.results),
        transitions=list(case.transitions),
        interaction_id=case.interaction_id,
        error=case.error,
        current_state=case.state,
        status=case.state,
        decision_status=decision_status(case),
        progress=case_progress(case),
        estimated_completion=case_estimate(state, case),
    )


def show_flow(state: WorkflowState, flow: Flow) -> StagedWorkflow:
    """Every field, with progress and expected end."""
    return StagedWorkflow(
        workflow_id=flow.workflow_id,
        name=flow.name,
        description=flow.description,
        experimentName=flow.experimentName,
        modelName=flow.modelName,
        created_by=flow.created_by,
        approvers=flow.approvers,
        stages=[_show_stage(stage) for stage in flow.stages],
        created_at=flow.created_at,
        updated_at=flow.updated_at,
        status=flow.status,
        started_at=flow.started_at,
        interaction_id=flow.interaction_id,
        analysis=flow.analysis,
        error=flow.error,
        progress=flow_progress(flow),
        estimated_completion=flow_estimate(state, flow),
        is_stuck=is_stuck(flow),
    )


def step_answer(shown: InteractionView) -> JsonObject:
    """Return what a step of the pattern answers its pipeline with: the documents' fields, which differ by pattern."""
    times: JsonObject = {"created_at": shown.created_at, "expires_at": shown.expires_at, "timeout_seconds": shown.timeout_seconds}
    common: JsonObject = {"status": shown.step_status, "interaction_id": shown.interaction_id, "ui_schema": shown.ui_schema}
    answer: JsonObject = {**common, **times, **shown.details, "data": shown.data}
    names: dict[str, str] = {InteractionPattern.COLLABORATIVE: "decision_id", InteractionPattern.MULTI_APPROVAL: "approval_id"}
    if shown.pattern in names:
        answer |= {names[shown.pattern]: shown.interaction_id, "timeout": shown.timeout_seconds}
    return answer


def iso(at: float) -> str:
    """UTC seconds as ISO 8601 with its offset."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


def _show_stage(stage: StageState) -> StageView:
    return StageView(
        name=stage.name,
        type=stage.type,
        config=stage.config,
        approvalRequired=stage.approvalRequired,
        status=stage.status,
        attempt=stage.attempt,
        worker=stage.worker,
        started_at=stage.started_at,
        completed_at=stage.completed_at,
        is_stuck=stage.is_stuck,
        result=stage.result,
        error=stage.error,
    )
