"""Retrainings, overrides and shadows as one machine that the actor shell can run."""

from collections.abc import Iterable, Mapping

from hitl.canonical import JsonObject, to_plain
from hitl.learning.journalled.commands import LearningCommand
from hitl.learning.journalled.decide import decide
from hitl.learning.journalled.events import EVENTS, LearningEvent
from hitl.learning.journalled.evolve import evolve
from hitl.learning.journalled.queries import LearningAnswer, answer
from hitl.learning.journalled.questions import LearningQuestion
from hitl.learning.journalled.state import LearningState
from hitl.machine.machine import Alarm, Outcome
from hitl.quality.vault import VaultScore


class LearningMachine:
    """Time sends it nothing: an override that is over is left out by who reads it."""

    name = "learning"
    events = EVENTS

    def initial(self) -> LearningState:
        return LearningState()

    def decide(self, state: LearningState, command: LearningCommand, now: float) -> Outcome:
        return decide(state, command, now)

    def evolve(self, state: LearningState, event: LearningEvent, at: float) -> None:
        evolve(state, event, at)

    def alarms(self, state: LearningState, event: LearningEvent) -> Iterable[Alarm]:
        return ()

    def standing_alarms(self, state: LearningState) -> Iterable[Alarm]:
        return ()

    def plain(self, state: LearningState) -> JsonObject:
        return {
            "retrainings": {key: to_plain(one) for key, one in state.retrainings.items()},
            "overrides": {name: to_plain(one) for name, one in state.overrides.items()},
            "switched_off": {**state.switched_off},
            "shadows": {task: {model: to_plain(one) for model, one in each.items()} for task, each in state.shadows.items()},
            "vault": {task: [_plain_scores(*pair) for pair in each.items()] for task, each in state.vault.items()},
        }

    def query(self, state: LearningState, question: LearningQuestion, now: float) -> LearningAnswer:
        return answer(state, question)


def _plain_scores(about: tuple[str, str], rows: Mapping[str, VaultScore]) -> JsonObject:
    model, policy_version = about
    return {"model": model, "policy_version": policy_version, "scores": [to_plain(each) for each in rows.values()]}
