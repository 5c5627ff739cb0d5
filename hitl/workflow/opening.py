"""The events that open an interaction: everything that a person will need is saved before anybody is answered."""

import re
from dataclasses import dataclass

from hitl.canonical import JsonObject
from hitl.workflow import forms
from hitl.workflow.free_json import texts_in
from hitl.workflow.interaction_events import ApproversAsked, InteractionOpened
from hitl.workflow.parts import Assignment
from hitl.workflow.patterns import InteractionPlan

REQUEST = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""The id of a request as the service makes them: no other id has such a beginning and an underscore."""


@dataclass(frozen=True, slots=True)
class PipelinePosition:
    """Where the interaction stands in its pipeline."""

    pipeline_name: str
    step_name: str
    created_by: str
    task: str | None = None
    workflow_id: str | None = None
    parent: str | None = None


def opened(
    interaction_id: str, pattern: str, place: PipelinePosition, made: InteractionPlan, data: JsonObject, now: float
) -> InteractionOpened:
    return InteractionOpened(
        interaction_id=interaction_id,
        pattern=str(pattern),
        pipeline_name=place.pipeline_name,
        step_name=place.step_name,
        step_status=made.step_status,
        task=place.task,
        workflow_id=place.workflow_id,
        parent=place.parent,
        data=data,
        details=made.details,
        ui_schema=made.ui_schema,
        assignments=[Assignment(each.user_id, each.role, now) for each in made.assigned_to],
        rule=made.rule,
        default_input=made.default_input,
        priority=made.priority,
        timeout_seconds=made.timeout_s,
        created_by=place.created_by,
        expires_at=now + made.timeout_s,
    )


def approvers_asked(approval_id: str, made: InteractionPlan) -> ApproversAsked:
    """Return one part for each approver of a request for many approvals. What is asked stands in the request alone."""
    return ApproversAsked(
        interaction_id=approval_id,
        approvers=texts_in(made.details, "approvers"),
        step_status=made.step_status,
        ui_schema=forms.approval(),
    )


def topic_of(interaction_id: str) -> str:
    """Return what to wait for, to hear of a change: for a part its request, since whatever happens to a part is told of the
    whole."""
    request, _, approver = interaction_id.partition("_")
    return request if approver and REQUEST.fullmatch(request) else interaction_id
