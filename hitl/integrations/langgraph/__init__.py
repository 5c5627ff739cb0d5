"""People's answers to the interrupts of LangGraph and LangChain (extra ``langgraph``): run a graph until it is done."""

from hitl.integrations.langgraph.people import NotAnswered, People
from hitl.integrations.langgraph.runner import run_until_done

__all__ = ["NotAnswered", "People", "run_until_done"]
