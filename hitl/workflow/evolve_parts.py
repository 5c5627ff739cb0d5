"""What an event about all parts of a request for many approvals means for each of them."""

from hitl.identity import Role
from hitl.workflow.events import PartsEvent
from hitl.workflow.interaction_events import ApproversAsked, ApproversReleased, InteractionClosed, InteractionOpened
from hitl.workflow.parts import Assignment
from hitl.workflow.state import Interaction, InteractionPattern, InteractionStatus, WorkflowState


def parts_of(state: WorkflowState, event: PartsEvent, at: float) -> list[InteractionOpened] | list[InteractionClosed]:
    """Return the same as events about the single parts, which happened at ``at``; those are what older journals hold."""
    request = state.interactions[event.interaction_id]
    if isinstance(event, ApproversAsked):
        return [_opened(request, event, name, at) for name in event.approvers]
    return [_closed(part, event) for part in _open_parts(state, request)]


def part_id(request: str, approver: str) -> str:
    return f"{request}_{approver}"


def _open_parts(state: WorkflowState, request: Interaction) -> list[Interaction]:
    parts = (state.interactions.get(part_id(request.interaction_id, name)) for name in request.electors)
    return [part for part in parts if part is not None and part.status is InteractionStatus.PENDING]


def _opened(request: Interaction, event: ApproversAsked, approver: str, at: float) -> InteractionOpened:
    return InteractionOpened(
        interaction_id=part_id(request.interaction_id, approver),
        pattern=InteractionPattern.APPROVAL.value,
        pipeline_name=request.pipeline_name,
        step_name=request.step_name,
        step_status=event.step_status,
        task=request.task,
        workflow_id=None,
        parent=request.interaction_id,
        data={},
        details={"approval_id": request.interaction_id, "approver": approver, "type": "approval_request"},
        ui_schema=event.ui_schema,
        assignments=[Assignment(approver, Role.APPROVER.value, at)],
        rule=None,
        default_input=None,
        priority="normal",
        timeout_seconds=request.timeout_seconds,
        created_by=request.created_by,
        expires_at=request.expires_at,
    )


def _closed(part: Interaction, event: ApproversReleased) -> InteractionClosed:
    return InteractionClosed(
        interaction_id=part.interaction_id,
        status=event.status,
        human_input=None,
        closed_by=event.closed_by,
        reason=event.reason,
    )
