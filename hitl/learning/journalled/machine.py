"""Retrainings, overrides and shadows as one machine that the actor shell can run."""

from collections.abc import Iterable
from typing import Any

from hitl.learning.journalled.commands import Command
from hitl.learning.journalled.decide import decide
from hitl.learning.journalled.events import EVENTS, LearningEvent
from hitl.learning.journalled.evolve import evolve
from hitl.learning.journalled.questions import Question, answer
from hitl.learning.journalled.shadows import shown
from hitl.learning.journalled.state import LearningState
from hitl.machine.machine import Alarm, Outcome


class LearningMachine:
    """Time sends it nothing: an override that is over is left out by who reads it."""

    name = "learning"
    events = EVENTS

    def initial(self) -> LearningState:
        return LearningState()

    def decide(self, state: LearningState, command: Command, now: float) -> Outcome:
        return decide(state, command, now)

    def evolve(self, state: LearningState, event: LearningEvent, at: float) -> None:
        evolve(state, event, at)

    def alarms(self, state: LearningState, event: LearningEvent) -> Iterable[Alarm]:
        return ()

    def standing_alarms(self, state: LearningState) -> Iterable[Alarm]:
        return ()

    def plain(self, state: LearningState) -> dict[str, Any]:
        return {
            "retrainings": {key: one.shown() for key, one in state.retrainings.items()},
            "overrides": {name: one.shown() for name, one in state.overrides.items()},
            "switched_off": dict(state.switched_off),
            "shadows": shown(state.shadows),
        }

    def query(self, state: LearningState, question: Question, now: float) -> dict[str, Any]:
        return answer(state, question)
