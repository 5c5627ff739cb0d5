"""Interactions and workflows as one machine that the actor shell can run: what a person says and what follows is one commit."""

from collections.abc import Iterable
from typing import Any

from hitl.machine.machine import Alarm, Outcome
from hitl.workflow.cases import decide_case
from hitl.workflow.commands import Command, ExpireInteraction, MarkStuck, OfCases, OfInteractions
from hitl.workflow.evolve import evolve
from hitl.workflow.interactions import decide_interaction
from hitl.workflow.queries import Question, answer
from hitl.workflow.show import show, show_case, show_durations, show_flow
from hitl.workflow.stages import decide_stages
from hitl.workflow.state import Flow, Interaction, StageStatus, Status, WorkflowState, deadline_key
from hitl.workflow.templates import STAGE_TIMEOUT_S


class WorkflowMachine:
    """Forms, deadlines and rules come with each interaction, so that no change of configuration touches an open one."""

    name = "workflow"

    def initial(self) -> WorkflowState:
        return WorkflowState()

    def decide(self, state: WorkflowState, command: Command, now: float) -> Outcome:
        if isinstance(command, OfInteractions):
            return decide_interaction(state, command, now)
        if isinstance(command, OfCases):
            return decide_case(state, command, now)
        return decide_stages(state, command, now)

    def evolve(self, state: WorkflowState, event: dict[str, Any], at: float) -> None:
        evolve(state, event, at)

    def alarms(self, state: WorkflowState, event: dict[str, Any]) -> Iterable[Alarm]:
        if event["type"] == "InteractionOpened":
            return _deadline(state.interactions[event["interaction_id"]])
        if event["type"] == "StageStarted":
            return _patience(state.flows[event["workflow_id"]])
        return ()

    def standing_alarms(self, state: WorkflowState) -> Iterable[Alarm]:
        for interaction in state.interactions.values():
            if interaction.status is Status.PENDING:
                yield from _deadline(interaction)
        for flow in state.flows.values():
            yield from _patience(flow)

    def plain(self, state: WorkflowState) -> dict[str, Any]:
        return {
            "interactions": {name: show(interaction) for name, interaction in state.interactions.items()},
            "cases": {name: show_case(case) for name, case in state.cases.items()},
            "workflows": {name: show_flow(flow) for name, flow in state.flows.items()},
            "durations": show_durations(state.durations),
            "waiting": {key: list(names) for key, names in state.waiting.items()},
            "change_count": state.change_count,
        }

    def query(self, state: WorkflowState, question: Question, now: float) -> dict[str, Any]:
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
    until = stage.started_at + float(stage.config.get("timeout_s", STAGE_TIMEOUT_S))
    return [Alarm(f"stage:{flow.workflow_id}", MarkStuck(flow.workflow_id, stage.name, stage.attempt), at=until)]
