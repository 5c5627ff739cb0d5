"""The events that open an interaction: everything that a person will need is saved before anybody is answered."""

from dataclasses import dataclass
from typing import Any

from hitl.workflow import forms
from hitl.workflow.interaction_events import InteractionOpened
from hitl.workflow.parts import Assignee, Assignment
from hitl.workflow.patterns import InteractionPlan
from hitl.workflow.state import InteractionPattern


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
    interaction_id: str, pattern: str, place: PipelinePosition, made: InteractionPlan, data: dict[str, Any], now: float
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


def approver_requests(
    approval_id: str, place: PipelinePosition, made: InteractionPlan, data: dict[str, Any], now: float
) -> list[InteractionOpened]:
    """One record for each approver of a request for many approvals."""
    part = PipelinePosition(place.pipeline_name, place.step_name, place.created_by, place.task, None, approval_id)
    return [
        opened(
            approver_request_id(approval_id, name),
            InteractionPattern.APPROVAL,
            part,
            _request(approval_id, name, made, data),
            {},
            now,
        )
        for name in made.details["approvers"]
    ]


def approver_request_id(approval_id: str, approver: str) -> str:
    return f"{approval_id}_{approver}"


def _request(approval_id: str, approver: str, made: InteractionPlan, data: dict[str, Any]) -> InteractionPlan:
    details = {"approval_id": approval_id, "approver": approver, "approval_data": data, "type": "approval_request"}
    assigned = [Assignee(approver, "approver")]
    return InteractionPlan("multi_approval_pending", forms.approval(), made.timeout_s, assigned, details)
