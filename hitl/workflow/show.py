"""Interactions and workflows as views, and as the documents' JSON objects."""

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from hitl.workflow.analytics import (
    case_estimate,
    case_progress,
    decision_status,
    flow_estimate,
    flow_progress,
    is_stuck,
)
from hitl.workflow.interactions import tally_of
from hitl.workflow.state import Case, Flow, Interaction, Pattern, WorkflowState
from hitl.workflow.views import CaseView, InteractionView, StagedWorkflow, StageView

Json = dict[str, Any]


def show_interaction(interaction: Interaction) -> InteractionView:
    """Every field and the live count of votes."""
    return InteractionView(**_fields(interaction), tally=tally_of(interaction))


def show_case(state: WorkflowState, case: Case) -> CaseView:
    """Every field, with progress and expected end."""
    return CaseView(
        **_fields(case),
        current_state=case.state,
        status=case.state,
        decision_status=decision_status(case),
        progress=case_progress(case),
        estimated_completion=case_estimate(state, case),
    )


def show_flow(state: WorkflowState, flow: Flow) -> StagedWorkflow:
    """Every field, with progress and expected end."""
    stages = [StageView(**_fields(stage)) for stage in flow.stages]
    return StagedWorkflow(
        **{**_fields(flow), "stages": stages},
        progress=flow_progress(flow),
        estimated_completion=flow_estimate(state, flow),
        is_stuck=is_stuck(flow),
    )


def step_answer(shown: InteractionView) -> Json:
    """What a step of the pattern answers its pipeline with: the documents' fields, which differ by pattern."""
    times = {"created_at": shown.created_at, "expires_at": shown.expires_at, "timeout_seconds": shown.timeout_seconds}
    common = {"status": shown.step_status, "interaction_id": shown.interaction_id, "ui_schema": shown.ui_schema}
    answer = {**common, **times, **shown.details, "data": shown.data}
    names: dict[str, str] = {Pattern.COLLABORATIVE: "decision_id", Pattern.MULTI_APPROVAL: "approval_id"}
    if shown.pattern in names:
        answer |= {names[shown.pattern]: shown.interaction_id, "timeout": shown.timeout_seconds}
    return answer


def iso(at: float) -> str:
    """UTC seconds as ISO 8601 with its offset."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


def _fields(thing: Any) -> Json:
    """The fields by name; a view shares no list and no dictionary that evolve changes."""
    found = {field.name: getattr(thing, field.name) for field in fields(thing)}
    return {name: value.copy() if isinstance(value, list | dict) else value for name, value in found.items()}
