"""Run a graph to its end: whenever it is interrupted, people here are asked, and it goes on with what they said."""

from collections.abc import Sequence
from typing import Any, Protocol

from hitl.integrations.langgraph.people import NotAnswered, People
from hitl.integrations.langgraph.shapes import Question, questions_of, resume_of


class Interrupt(Protocol):
    """One of LangGraph's."""

    value: Any
    id: str
    response_schema: Any


class Graph(Protocol):
    """A compiled graph with a checkpointer."""

    def invoke(self, input: Any, config: Any) -> Any: ...
    def get_state(self, config: Any) -> Any: ...


def run_until_done(graph: Graph, input: Any, config: dict[str, Any], people: People) -> Any:
    """The graph's values at its end, in the thread of ``config``.

    A thread that stopped in the middle goes on there, whatever ``input`` is; ``input`` None goes on and begins nothing: so a
    program goes on after a crash. An interrupt has one name for as long as its checkpoint lives. So its questions are asked
    once, and it is resumed with the answer that people gave meanwhile. Run a thread in one process at a time.

    Raises NotAnswered, ApiError, ServiceUnreachable: then the graph stays interrupted. ValueError for static breakpoints, which
    ask nothing: use ``interrupt``.
    """
    from langgraph.types import Command  # only here: what reads the shapes needs no LangGraph

    if getattr(graph, "interrupt_before_nodes", ()) or getattr(graph, "interrupt_after_nodes", ()):
        raise ValueError("a graph without interrupt_before and interrupt_after: they ask nothing that people could answer")
    state = graph.get_state(config)
    if state.next and not state.interrupts:
        graph.invoke(None, config)
    elif not state.next and input is not None:
        graph.invoke(input, config)
    while (state := graph.get_state(config)).next:
        if not state.interrupts:
            raise NotAnswered(", ".join(state.next), "the graph stopped there without asking anything")
        graph.invoke(Command(resume=_answers(state.interrupts, people)), config)
    return state.values


def _answers(interrupts: Sequence[Interrupt], people: People) -> dict[str, Any]:
    """By interrupt, the value that resumes it. All questions are asked before the first answer is waited for."""
    asked = [(each, _named(each)) for each in interrupts]
    for _, questions in asked:
        for name, question in questions:
            people.open(name, question)
    answers = {each.id: [people.answer(name, question) for name, question in questions] for each, questions in asked}
    return {each.id: resume_of(each.value, answers[each.id]) for each, _ in asked}


def _named(interrupt: Interrupt) -> list[tuple[str, Question]]:
    """The questions with the names that they have here: one for each action of an interrupt."""
    questions = questions_of(interrupt.value, interrupt.response_schema)
    return [(f"langgraph:{interrupt.id}:{number}:q", question) for number, question in enumerate(questions, 1)]
