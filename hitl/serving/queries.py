"""The answers to questions about what serves. Reads only."""

from collections.abc import Sequence
from typing import Any, assert_never

from hitl.serving import questions as q
from hitl.serving.show import show_served
from hitl.serving.state import ServingState, TaskDefinition
from hitl.serving.views import (
    DefinitionHistory,
    DefinitionsInForce,
    DefinitionView,
    PlanView,
    PointerView,
    ServingHistory,
    ServingView,
    TaskCertificates,
    TaskPlans,
)


def answer_serving(state: ServingState, question: q.ServingQuestion) -> Any:
    """Return the view that the question is typed by."""
    match question:
        case q.ServingOf():
            served = state.served.get(question.task)
            return show_served(question.task, served[-1] if served else None)
        case q.ServingAt():
            return _serving_at(state, question.task, question.at)
        case q.History():
            lines = [show_served(question.task, served) for served in state.served.get(question.task, ())]
            return ServingHistory(question.task, lines)
        case q.Certificates():
            return TaskCertificates(question.task, list(state.certificates.get(question.task, ())))
        case q.CertificationPlans():
            plans = state.plans.get(question.task, {}).items()
            return TaskPlans(question.task, [PlanView(*pair, dict(segments)) for pair, segments in plans])
        case q.Definitions():
            return _definitions(state)
        case q.DefinitionsOf():
            known = state.definitions.get(question.task, [])
            return DefinitionHistory(question.task, [_definition(question.task, known[: at + 1]) for at in range(len(known))])
        case q.Pointers():
            return _pointers(state)
        case _:
            assert_never(question)


def _definitions(state: ServingState) -> DefinitionsInForce:
    return DefinitionsInForce({task: _definition(task, lines) for task, lines in state.definitions.items() if lines})


def _definition(task: str, lines: Sequence[TaskDefinition]) -> DefinitionView:
    """Return the newest of ``lines``, oldest first."""
    newest = lines[-1]
    last = next((each.body for each in reversed(lines) if each.body is not None), None)
    return DefinitionView(task, newest.generation, newest.digest, newest.since, newest.approval_id, newest.body, last)


def _serving_at(state: ServingState, task: str, at: float) -> ServingView:
    until = (served for served in reversed(state.served.get(task, [])) if served.since <= at)
    return show_served(task, next(until, None))


def _pointers(state: ServingState) -> dict[str, PointerView]:
    tasks = [task for task in state.served if state.versions(task)]
    return {task: PointerView(state.generation(task), [*state.versions(task)]) for task in tasks}
