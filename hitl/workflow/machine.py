"""Interactions and workflows as one machine that the actor shell can run: what a person says and what follows is one commit."""

from collections.abc import Iterable
from typing import Any

import msgspec

from hitl.canonical import JsonObject
from hitl.machine.machine import Alarm, AlarmOver, Outcome
from hitl.open_objects import require_room
from hitl.workflow.archiving import archive, recall
from hitl.workflow.cases import decide_case
from hitl.workflow.commands import (
    ArchiveWorkflowObjects,
    Command,
    ExpireInteraction,
    MarkStuck,
    OfCases,
    OfInteractions,
    OpenInteraction,
    RecallWorkflowObjects,
)
from hitl.workflow.events import EVENTS, WorkflowEvent
from hitl.workflow.evolve import evolve
from hitl.workflow.free_json import number_in
from hitl.workflow.holding import WHAT, opener_of
from hitl.workflow.interaction_events import InteractionClosed, InteractionOpened
from hitl.workflow.interactions import decide_interaction
from hitl.workflow.queries import Question, answer
from hitl.workflow.stage_events import AboutWorkflow, StageStarted
from hitl.workflow.stages import decide_stages
from hitl.workflow.state import Flow, Interaction, InteractionStatus, StageStatus, WorkflowState, deadline_key, stage_key
from hitl.workflow.templates import STAGE_TIMEOUT_S
from hitl.workflow.voters import WorkflowVoters


class WorkflowMachine:
    """Forms, deadlines and rules come with each interaction, so that no change of configuration touches an open one.
    ``voters`` are read when deciding, never when replaying. One account holds at most ``max_open`` open objects; None: any
    number."""

    name = "workflow"
    events = EVENTS

    def __init__(self, voters: WorkflowVoters | None = None, max_open: int | None = None) -> None:
        self._voters, self._max_open = voters or WorkflowVoters(), max_open

    def initial(self) -> WorkflowState:
        return WorkflowState()

    def decide(self, state: WorkflowState, command: Command, now: float) -> Outcome:
        is_known = isinstance(command, OpenInteraction) and command.interaction_id in state.interactions
        if (opener := opener_of(command)) is not None and not is_known:
            require_room(state.open_by, opener, self._max_open, WHAT)
        if isinstance(command, OfInteractions):
            return decide_interaction(state, command, self._voters, now)
        if isinstance(command, OfCases):
            return decide_case(state, command, now)
        if isinstance(command, ArchiveWorkflowObjects):
            return archive(state, command)
        if isinstance(command, RecallWorkflowObjects):
            return recall(state, command)
        return decide_stages(state, command, self._voters, now)

    def evolve(self, state: WorkflowState, event: WorkflowEvent, at: float) -> None:
        evolve(state, event, at)

    def alarms(self, state: WorkflowState, event: WorkflowEvent) -> Iterable[Alarm | AlarmOver]:
        if isinstance(event, InteractionOpened):
            return _deadline(state.interactions[event.interaction_id])
        if isinstance(event, StageStarted):
            return _patience(state.flows[event.workflow_id])
        if isinstance(event, InteractionClosed):
            return [AlarmOver(deadline_key(event.interaction_id))]
        if isinstance(event, AboutWorkflow) and not _patience(state.flows[event.workflow_id]):
            return [AlarmOver(stage_key(event.workflow_id))]
        return ()

    def standing_alarms(self, state: WorkflowState) -> Iterable[Alarm]:
        for interaction in state.interactions.values():
            if interaction.status is InteractionStatus.PENDING:
                yield from _deadline(interaction)
        for flow in state.flows.values():
            yield from _patience(flow)

    def plain(self, state: WorkflowState) -> JsonObject:
        return {
            "interactions": msgspec.to_builtins(state.interactions),
            "cases": msgspec.to_builtins(state.cases),
            "workflows": msgspec.to_builtins(state.flows),
            "durations": msgspec.to_builtins(state.durations),
            "waiting": {key: list(names) for key, names in state.waiting.items()},
            "change_count": state.change_count,
        }

    def query(self, state: WorkflowState, question: Question, now: float) -> Any:
        return answer(state, question, now)


def _deadline(interaction: Interaction) -> list[Alarm]:
    """None for the part of an approval, which ends with the whole."""
    if interaction.parent is not None:
        return []
    name = interaction.interaction_id
    return [Alarm(deadline_key(name), ExpireInteraction(name), at=interaction.expires_at)]


def _patience(flow: Flow) -> list[Alarm]:
    """When the running stage will have taken too long."""
    stage = flow.current
    if stage is None or stage.started_at is None or stage.status is not StageStatus.RUNNING or stage.is_stuck:
        return []
    until = stage.started_at + number_in(stage.config, "timeout_s", STAGE_TIMEOUT_S)
    return [Alarm(stage_key(flow.workflow_id), MarkStuck(flow.workflow_id, stage.name, stage.attempt), at=until)]
