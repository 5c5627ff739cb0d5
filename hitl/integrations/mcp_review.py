"""The MCP tool with which a person answers reviews in the client that they use."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.resolve import AcceptedElicitation, Elicit, ElicitationResult, Resolve
from pydantic import BaseModel, Field, create_model

from hitl.client.calls import HttpCall, post

Answered = dict[str, Any]
Send = Callable[[HttpCall[Answered]], Awaitable[Answered]]
LONGEST_MESSAGE = 8_000


class AnswerForm(BaseModel):
    """What the person fills in."""

    label: str = Field(title="Label")
    comment: str = Field(default="", title="Comment")


def review_tool(send: Send) -> Callable[..., Awaitable[Answered]]:
    """Return the tool ``review_next``. The protocol may ask for one answer in several rounds: the review in hand is remembered
    until it is answered or given back, or its lease ends."""
    held: dict[str, Answered] = {}

    async def ask_user(queue: str) -> Elicit[AnswerForm]:
        if queue not in held:
            review = (await send(post("v1", "queues", queue, "claim", body={"count": 1}))).get("review")
            if review is None:
                raise ToolError(f"nothing waits in the queue {queue}")
            held[queue] = review
        return Elicit(_shown(held[queue]), _form(held[queue]["form"]["labels"]))

    async def review_next(queue: str, said: Annotated[ElicitationResult[AnswerForm], Resolve(ask_user)]) -> Answered:
        """Show the next review of a queue to the person who uses this client, and hand in their answer. The person answers, never
        the agent."""
        review = held.pop(queue)
        name, lease = review["review_id"], review["lease"]["id"]
        if not isinstance(said, AcceptedElicitation):
            body = {"lease": lease, "reason": f"the person chose {said.action}"}
            await send(post("v1", "reviews", name, "release", body=body))
            return {"status": "released", "review_id": name}
        answer = {"lease": lease, "label": said.data.label, "comment": said.data.comment}
        await send(post("v1", "reviews", name, "decision", body=answer))
        return {"status": "answered", "review_id": name}

    return review_next


def _shown(review: Answered) -> str:
    """Return the review as text: the task, and the input as the reviewer may see it."""
    given = review["payload"].get("features", review["payload"])
    lines = [f"{name}: {value}" for name, value in given.items()] if isinstance(given, dict) else [str(given)]
    return "\n".join([review["form"]["title"], review["form"]["description"], *lines])[:LONGEST_MESSAGE]


def _form(labels: list[str]) -> type[AnswerForm]:
    """Return a choice of the task's labels."""
    label = Literal[tuple(labels)]  # type: ignore[valid-type] # the labels are known at run time alone
    fields: Answered = {"label": (label, Field(title="Label"))}
    return create_model("ReviewAnswer", __base__=AnswerForm, **fields)
