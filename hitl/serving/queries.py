"""The answers to questions about what serves. Reads only."""

from typing import Any

from hitl.serving import questions as q
from hitl.serving.show import show_served
from hitl.serving.state import ServingState


def answer_serving(state: ServingState, question: q.ServingQuestion) -> dict[str, Any]:
    """The answer that the question's docstring describes."""
    match question:
        case q.ServingOf():
            served = state.served.get(question.task)
            return show_served(question.task, served[-1] if served else None)
        case q.ServingAt():
            return _serving_at(state, question.task, question.at)
        case q.History():
            lines = [show_served(question.task, served) for served in state.served.get(question.task, ())]
            return {"task": question.task, "history": lines}
        case q.Certificates():
            return {"task": question.task, "certificates": list(state.certificates.get(question.task, ()))}
        case q.Pointers():
            return {task: _pointer(state, task) for task in state.served if state.versions(task)}


def _serving_at(state: ServingState, task: str, at: float) -> dict[str, Any]:
    until = (served for served in reversed(state.served.get(task, [])) if served.since <= at)
    return show_served(task, next(until, None))


def _pointer(state: ServingState, task: str) -> dict[str, Any]:
    versions = [list(version) for version in state.versions(task)]
    return {"generation": state.generation(task), "versions": versions}
