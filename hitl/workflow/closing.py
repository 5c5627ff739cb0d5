"""The events that close an interaction, with what its workflow does because of it: one commit, or nothing."""

from hitl import errors
from hitl.canonical import JsonObject
from hitl.workflow.case_moves import after_case_answer
from hitl.workflow.events import WorkflowEvent
from hitl.workflow.interaction_events import ApproversReleased, InteractionClosed
from hitl.workflow.stage_moves import after_stage_answer
from hitl.workflow.state import Interaction, InteractionPattern, InteractionStatus, WorkflowState

TIME = "time"


def completed(
    state: WorkflowState, interaction: Interaction, human_input: JsonObject, by: str, now: float
) -> list[WorkflowEvent]:
    return _close(state, interaction, InteractionStatus.COMPLETED, human_input, by, None, now)


def expired(state: WorkflowState, interaction: Interaction, now: float) -> list[WorkflowEvent]:
    """The deadline: the default where the step names one, and otherwise no answer at all."""
    if interaction.default_input is not None:
        return completed(state, interaction, interaction.default_input, TIME, now)
    return _close(state, interaction, InteractionStatus.EXPIRED, None, TIME, "nobody decided in time", now)


def cancelled(state: WorkflowState, interaction: Interaction, by: str, reason: str, now: float) -> list[WorkflowEvent]:
    return _close(state, interaction, InteractionStatus.CANCELLED, None, by, reason, now)


def require_open(interaction: Interaction, now: float) -> None:
    """Raises errors.InteractionClosed, which says who won."""
    if interaction.status is not InteractionStatus.PENDING:
        at = interaction.completed_at or now
        raise errors.InteractionOver(interaction.interaction_id, interaction.status.value, interaction.closed_by or "", at)
    if now >= interaction.expires_at:
        raise errors.InteractionOver(interaction.interaction_id, InteractionStatus.EXPIRED.value, TIME, interaction.expires_at)


def closed(
    interaction: Interaction, status: InteractionStatus, human_input: JsonObject | None, by: str, reason: str | None
) -> InteractionClosed:
    return InteractionClosed(
        interaction_id=interaction.interaction_id,
        status=status.value,
        human_input=human_input,
        closed_by=by,
        reason=reason,
    )


def _close(
    state: WorkflowState,
    interaction: Interaction,
    status: InteractionStatus,
    human_input: JsonObject | None,
    by: str,
    reason: str | None,
    now: float,
) -> list[WorkflowEvent]:
    events: list[WorkflowEvent] = [closed(interaction, status, human_input, by, reason)]
    events += _release_the_others(interaction, status)
    if interaction.workflow_id in state.cases:
        events += after_case_answer(state, interaction, human_input, by, now)
    elif interaction.workflow_id in state.flows:
        events += after_stage_answer(state, interaction, human_input, by, now)
    return events


def _release_the_others(interaction: Interaction, status: InteractionStatus) -> list[WorkflowEvent]:
    """The open requests to single approvers end with the request that they belong to."""
    if interaction.pattern != InteractionPattern.MULTI_APPROVAL:
        return []
    ends, by = (InteractionStatus.CANCELLED, "approval")
    if status is InteractionStatus.EXPIRED:
        ends, by = (InteractionStatus.EXPIRED, TIME)
    reason = f"the approval is {status.value}"
    return [ApproversReleased(interaction_id=interaction.interaction_id, status=ends.value, closed_by=by, reason=reason)]
