"""How an event changes the state: mechanical, so that live operation, recovery and another program's replay agree."""

from typing import assert_never

from msgspec import UNSET

from hitl.canonical import JsonObject
from hitl.machine.events import type_of
from hitl.open_objects import note_holder
from hitl.workflow.archiving import bring_back, forget, note_interaction, note_workflow
from hitl.workflow.case_events import CaseMoved, CaseStarted
from hitl.workflow.durations import measure
from hitl.workflow.events import CaseEvent, FlowEvent, InteractionEvent, StorageEvent, WorkflowEvent
from hitl.workflow.evolve_flows import evolve_flow
from hitl.workflow.evolve_parts import parts_of
from hitl.workflow.free_json import object_in, rows_in
from hitl.workflow.holding import holder_of
from hitl.workflow.interaction_events import (
    AnswerGiven,
    ApproversAsked,
    ApproversReleased,
    InteractionClosed,
    InteractionEscalated,
    InteractionOpened,
    InteractionRefined,
)
from hitl.workflow.parts import CaseState, GivenAnswer, Transition
from hitl.workflow.state import Case, Interaction, InteractionStatus, WorkflowState, keys_of
from hitl.workflow.storage_events import WorkflowObjectArchived


def evolve(state: WorkflowState, event: WorkflowEvent, at: float) -> None:
    """Apply ``event``, which happened at ``at`` (UTC seconds), in place."""
    if isinstance(event, StorageEvent):
        _store(state, event, at)
        return
    holder = holder_of(state, event)
    _apply(state, event, at)
    note_holder(state.open_by, holder, holder_of(state, event))


def _store(state: WorkflowState, event: StorageEvent, at: float) -> None:
    if isinstance(event, WorkflowObjectArchived):
        forget(state, event)
    else:
        bring_back(state, event, at)


def _apply(state: WorkflowState, event: InteractionEvent | CaseEvent | FlowEvent, at: float) -> None:
    if isinstance(event, InteractionEvent):
        _evolve_interaction(state, event, at)
    elif isinstance(event, CaseEvent):
        _evolve_case(state, event, at)
    else:
        evolve_flow(state, event, at)


def _evolve_interaction(state: WorkflowState, event: InteractionEvent, at: float) -> None:
    """A change of several parts is a change of each."""
    match event:
        case InteractionOpened():
            _opened(state, event, at)
        case ApproversAsked() | ApproversReleased():
            for part in parts_of(state, event, at):
                _evolve_interaction(state, part, at)
            return
        case AnswerGiven():
            state.interactions[event.interaction_id].answers[event.user_id] = GivenAnswer(event.input, at)
        case InteractionRefined():
            _refined(state, event)
        case InteractionEscalated():
            _escalated(state, event, at)
        case InteractionClosed():
            _closed(state, event, at)
        case _:
            assert_never(event)
    state.change_count += 1
    state.changes.append((state.change_count, type_of(event), event.interaction_id))


def _evolve_case(state: WorkflowState, event: CaseEvent, at: float) -> None:
    match event:
        case CaseStarted():
            _case_started(state, event, at)
        case CaseMoved():
            _case_moved(state, event, at)
        case _:
            assert_never(event)


def _opened(state: WorkflowState, event: InteractionOpened, at: float) -> None:
    interaction = Interaction(
        interaction_id=event.interaction_id,
        pattern=event.pattern,
        pipeline_name=event.pipeline_name,
        step_name=event.step_name,
        step_status=event.step_status,
        task=event.task,
        workflow_id=event.workflow_id,
        parent=event.parent,
        data=event.data,
        details=event.details,
        ui_schema=event.ui_schema,
        assignments=event.assignments,
        rule=event.rule,
        default_input=event.default_input,
        priority=event.priority,
        timeout_seconds=event.timeout_seconds,
        created_by=event.created_by,
        created_at=at,
        expires_at=event.expires_at,
    )
    state.interactions[interaction.interaction_id] = interaction
    for key in keys_of(interaction):
        state.waiting.setdefault(key, {})[interaction.interaction_id] = None


def _escalated(state: WorkflowState, event: InteractionEscalated, at: float) -> None:
    interaction = state.interactions[event.interaction_id]
    entry: JsonObject = {"by": event.by, "message": event.message, "at": at}
    interaction.details = {**interaction.details, "escalations": [*rows_in(interaction.details, "escalations"), entry]}


def _refined(state: WorkflowState, event: InteractionRefined) -> None:
    interaction = state.interactions[event.interaction_id]
    interaction.details = {**interaction.details, **event.details}
    interaction.ui_schema = event.ui_schema


def _closed(state: WorkflowState, event: InteractionClosed, at: float) -> None:
    interaction = state.interactions[event.interaction_id]
    interaction.status, interaction.human_input = InteractionStatus(event.status), event.human_input
    interaction.closed_by, interaction.completed_at, interaction.reason = event.closed_by, at, event.reason
    if interaction.status is InteractionStatus.COMPLETED:
        measure(state.durations, "review", at - interaction.created_at)
    for key in keys_of(interaction):
        state.waiting[key].pop(interaction.interaction_id, None)
        if not state.waiting[key]:
            del state.waiting[key]
    note_interaction(state, interaction, at)


def _case_started(state: WorkflowState, event: CaseStarted, at: float) -> None:
    state.cases[event.workflow_id] = Case(
        workflow_id=event.workflow_id,
        type=event.workflow_type,
        template=event.template,
        request_data=event.request_data,
        started_by=event.started_by,
        created_at=at,
        updated_at=at,
    )


def _case_moved(state: WorkflowState, event: CaseMoved, at: float) -> None:
    case = state.cases[event.workflow_id]
    case.state, case.updated_at = event.to_state, at
    case.results[event.from_state.value] = {**object_in(case.results, event.from_state), **event.result}
    if event.context is not UNSET:
        case.context.update(event.context)
    if event.interaction_id is not UNSET:
        case.interaction_id = event.interaction_id
    if event.error is not UNSET:
        case.error = event.error
    case.transitions.append(Transition(event.from_state, event.to_state, event.trigger, at))
    if case.state is CaseState.COMPLETED:
        measure(state.durations, f"case:{case.type}", at - case.created_at)
    note_workflow(state, case, at)
