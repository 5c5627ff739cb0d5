"""Who holds the open object that an event is about."""

from hitl.workflow.commands import Command, CreateWorkflow, OpenInteraction, StartCase
from hitl.workflow.events import CaseEvent, FlowEvent, InteractionEvent
from hitl.workflow.state import OPEN_STATUSES, WorkflowState

WHAT = "interactions, cases and workflows"


def holder_of(state: WorkflowState, event: InteractionEvent | CaseEvent | FlowEvent) -> str | None:
    """Return the account whose interaction, case or workflow is open; None for what is over, and for a part of another object."""
    if isinstance(event, InteractionEvent):
        interaction = state.interactions.get(event.interaction_id)
        if interaction is None or interaction.parent is not None or interaction.workflow_id is not None:
            return None
        return interaction.created_by if interaction.status in OPEN_STATUSES else None
    if isinstance(event, CaseEvent):
        case = state.cases.get(event.workflow_id)
        return None if case is None or case.is_over else case.started_by
    flow = state.flows.get(event.workflow_id)
    return flow.created_by if flow is not None and flow.status in OPEN_STATUSES else None


def opener_of(command: Command) -> str | None:
    """Return the account that ``command`` opens an object for; None for a command that opens none."""
    match command:
        case OpenInteraction():
            return command.opened_by
        case StartCase():
            return command.started_by
        case CreateWorkflow():
            return command.created_by
        case _:
            return None
