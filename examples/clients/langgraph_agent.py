"""A LangChain agent whose tool needs a person: LangChain's own middleware, answered by people here.

    pip install "ray-hitl[langgraph]" "langchain>=1.5" langgraph-checkpoint-sqlite
    HITL_API_URL=http://127.0.0.1:8000 HITL_API_KEY=<a client's key> python langgraph_agent.py thread-1 checkpoints.db

Stop it while it waits and start it again with the same thread: it asks nobody twice. The model is a recorded one, so that the
example needs no other service.
"""

import sqlite3
import sys
from collections.abc import Iterator
from itertools import chain, repeat
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import HumanInTheLoopMiddleware
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, ToolMessage
from langgraph.checkpoint.sqlite import SqliteSaver

from hitl.client import Client
from hitl.client.environment import ClientSettings
from hitl.integrations.langgraph import People, run_until_done


class RecordedModel(GenericFakeChatModel):
    """Says what it would say; a model with tools is asked the same way."""

    def bind_tools(self, *_: Any, **__: Any) -> "RecordedModel":
        return self


def said(calls: list[dict[str, Any]]) -> Iterator[AIMessage]:
    """First the tool calls, then the end."""
    return chain([AIMessage("", tool_calls=calls)], repeat(AIMessage("done")))


def send_money(to: str, amount: int) -> str:
    """Send money to somebody."""
    print(f"sent {amount} to {to}", flush=True)
    return f"sent {amount} to {to}"


def agent(checkpoints: SqliteSaver, begun: bool, allowed: Any = True, mode: str = "batched") -> Any:
    """The agent; a model that was ``begun`` has said its tool calls before."""
    calls = [{"name": "send_money", "args": {"to": "bob", "amount": 5}, "id": "c1"}]
    model = RecordedModel(messages=repeat(AIMessage("done")) if begun else said(calls))
    middleware = HumanInTheLoopMiddleware(interrupt_on={"send_money": allowed}, interrupt_mode=mode)
    return create_agent(model, [send_money], middleware=[middleware], checkpointer=checkpoints)


def main(thread: str, path: str, allowed: Any = True, mode: str = "batched") -> None:
    settings, config = ClientSettings(), {"configurable": {"thread_id": thread}}
    saver = SqliteSaver(sqlite3.connect(path, check_same_thread=False))
    begun = saver.get_tuple(config) is not None
    graph = agent(saver, begun, allowed, mode)
    asked = None if begun else {"messages": [("user", "pay bob")]}
    with Client(settings.api_url, settings.api_key) as client:
        values = run_until_done(graph, asked, config, People(client))
    print([message.content for message in values["messages"] if isinstance(message, ToolMessage)], flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
