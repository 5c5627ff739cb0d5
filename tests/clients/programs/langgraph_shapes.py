"""One graph for each shape of interrupt, run to its end; the arguments choose the shape and the decisions that are allowed."""

import json
import sys
from typing import Any, TypedDict

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt
from pydantic import BaseModel, Field

from hitl.client import Client
from hitl.client.environment import ClientSettings
from hitl.integrations.langgraph import People, run_until_done

sys.path.insert(0, "examples/clients")


class Trip(BaseModel):
    city: str
    nights: int = Field(ge=1)


class State(TypedDict, total=False):
    answers: list[Any]


def typed(state: State) -> State:
    trip = interrupt("Where to?", response_schema=Trip)
    return {"answers": [trip.model_dump() if isinstance(trip, Trip) else trip]}


def inbox(state: State) -> State:
    config = {"allow_accept": True, "allow_edit": True, "allow_respond": True, "allow_ignore": True}
    request = {"action_request": {"action": "mail", "args": {"to": "ann"}}, "config": config, "description": "A mail"}
    return {"answers": interrupt([request])}


def twice(state: State) -> State:
    """The same question twice in one node: two answers."""
    return {"answers": [interrupt("Your name?"), interrupt("Your name?")]}


def main(kind: str) -> None:
    builder = StateGraph(State)
    builder.add_node("n", {"typed": typed, "inbox": inbox, "twice": twice}[kind])
    builder.add_edge(START, "n")
    builder.add_edge("n", END)
    graph, settings = builder.compile(checkpointer=InMemorySaver()), ClientSettings()
    with Client(settings.api_url, settings.api_key) as client:
        values = run_until_done(graph, {}, {"configurable": {"thread_id": kind}}, People(client))
    print(json.dumps(values["answers"]), flush=True)


if sys.argv[1] == "middleware":
    from langgraph_agent import main as run_agent

    run_agent(sys.argv[2], sys.argv[3], json.loads(sys.argv[4]), sys.argv[5])
else:
    main(sys.argv[1])
