"""How an event changes the state: mechanical, so that live operation, recovery and another program's replay agree."""

from collections.abc import Callable
from typing import Any

from hitl.workflow.durations import measure
from hitl.workflow.evolve_flows import FLOW_EVENTS, evolve_flow
from hitl.workflow.state import Case, CaseState, Interaction, Status, WorkflowState, keys_of

Event = dict[str, Any]
NOT_FIELDS = frozenset({"type", "channel"})


def evolve(state: WorkflowState, event: Event, at: float) -> None:
    """Apply ``event``, which happened at ``at`` (UTC seconds), in place."""
    if event["type"] in FLOW_EVENTS:
        evolve_flow(state, event, at)
    else:
        EVENTS[event["type"]](state, event, at)
    if "channel" in event:
        state.change_count += 1
        state.changes.append((state.change_count, event["type"], event["interaction_id"]))


def _opened(state: WorkflowState, event: Event, at: float) -> None:
    fields = {name: value for name, value in event.items() if name not in NOT_FIELDS}
    interaction = Interaction(created_at=at, **fields)
    state.interactions[interaction.interaction_id] = interaction
    for key in keys_of(interaction):
        state.waiting.setdefault(key, {})[interaction.interaction_id] = None


def _answered(state: WorkflowState, event: Event, at: float) -> None:
    answers = state.interactions[event["interaction_id"]].answers
    answers[event["user_id"]] = {"input": event["input"], "at": at}


def _refined(state: WorkflowState, event: Event, at: float) -> None:
    interaction = state.interactions[event["interaction_id"]]
    interaction.details = {**interaction.details, **event["details"]}
    interaction.ui_schema = event["ui_schema"]


def _closed(state: WorkflowState, event: Event, at: float) -> None:
    interaction = state.interactions[event["interaction_id"]]
    interaction.status = Status(event["status"])
    interaction.human_input = event["human_input"]
    interaction.closed_by, interaction.completed_at, interaction.reason = event["closed_by"], at, event["reason"]
    if interaction.status is Status.COMPLETED:
        measure(state.durations, "review", at - interaction.created_at)
    for key in keys_of(interaction):
        state.waiting[key].pop(interaction.interaction_id, None)
        if not state.waiting[key]:
            del state.waiting[key]


def _case_started(state: WorkflowState, event: Event, at: float) -> None:
    fields = {name: event[name] for name in ("workflow_id", "template", "request_data", "started_by")}
    state.cases[event["workflow_id"]] = Case(type=event["workflow_type"], created_at=at, updated_at=at, **fields)


def _case_moved(state: WorkflowState, event: Event, at: float) -> None:
    case = state.cases[event["workflow_id"]]
    case.state, case.updated_at = CaseState(event["to_state"]), at
    case.results[event["from_state"]] = {**case.results.get(event["from_state"], {}), **event["result"]}
    case.context.update(event.get("context", {}))
    case.interaction_id = event.get("interaction_id", case.interaction_id)
    case.error = event.get("error", case.error)
    ends = {name: event[name] for name in ("from_state", "to_state", "trigger")}
    case.transitions.append({**ends, "timestamp": at})
    if case.state is CaseState.COMPLETED:
        measure(state.durations, f"case:{case.type}", at - case.created_at)


EVENTS: dict[str, Callable[[WorkflowState, Event, float], None]] = {
    "InteractionOpened": _opened,
    "AnswerGiven": _answered,
    "InteractionRefined": _refined,
    "InteractionClosed": _closed,
    "CaseStarted": _case_started,
    "CaseMoved": _case_moved,
}
