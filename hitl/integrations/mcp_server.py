"""An MCP server over the service (extra ``mcp``): an agent's tools to ask people, and a person's tool to answer.

What a tool may do is what the key may do: the service refuses the rest.
"""

from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from hitl.client.asynchronous import AsyncClient
from hitl.client.calls import HttpCall, get, new_key, post
from hitl.client.environment import ClientSettings
from hitl.client.errors import ClientError
from hitl.integrations.mcp_review import review_tool

Answered = dict[str, Any]
WAIT_S = 45.0
"""Of one call of a tool: many clients give up on a tool after a minute."""

DAY_S = 86_400.0
INSTRUCTIONS = """Ask people before you act. A status `pending` means that nobody has decided: call the tool again with the id
that it answered, and do not act meanwhile. Only `approved` is a yes."""


def mcp_server(client: AsyncClient) -> MCPServer:
    """Return the server with its four tools."""
    server = MCPServer("ray-hitl", instructions=INSTRUCTIONS)
    tools = Tools(client)
    for tool in (tools.ask_person, tools.request_approval, tools.decide_case, review_tool(tools.send)):
        server.tool()(tool)
    return server


def main() -> None:
    """Serve over standard input and output, with HITL_API_URL and HITL_API_KEY."""
    settings = ClientSettings()
    mcp_server(AsyncClient(settings.api_url, settings.api_key)).run("stdio")


class Tools:
    """The docstring of each is what the agent reads."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def send(self, call: HttpCall[Answered]) -> Answered:
        """Return the service's answer. Raises ToolError with what it refused: the agent may read that."""
        try:
            return await self._client.send(call)
        except ClientError as error:
            raise ToolError(str(error)) from error

    async def ask_person(self, question: str, options: list[str] | None = None, question_id: str | None = None) -> Answered:
        """Ask a person a question and wait for the answer, at most 45 seconds. While the status is pending, call again with the
        same question, the same options and the question_id of the answer."""
        name = question_id or f"mcp:{new_key()}:q"
        found = await self._interaction(name, question, options or [])
        given = found["human_input"] or {}
        return {"question_id": name, "status": found["status"], "answer": given.get("answer"), "comment": given.get("comment")}

    async def request_approval(self, action: str, arguments: Answered, why: str = "", approval_id: str | None = None) -> Answered:
        """Ask people to approve an action with exactly these arguments, and wait at most 45 seconds. Act only when `approved` is
        true. While the status is pending, call again with the same arguments and the approval_id of the answer."""
        name = approval_id or f"mcp:{new_key()}:a"
        shown = {"action": action, "arguments": arguments}
        asked = {"kind": "custom", "title": f"{action}?"[:200], "description": why, "context": shown, "id": name}
        await self.send(post("v1", "approvals", body=asked, key=name))
        found = (await self.send(get("v1", "approvals", name, wait_s=WAIT_S, wait=WAIT_S)))["approval"]
        comments = [vote["comment"] for vote in found["votes"] if vote["comment"]]
        verdict = {"status": found["status"], "approved": found["status"] == "approved", "comments": comments}
        return {"approval_id": name, **verdict}

    async def decide_case(self, task: str, features: Any, key: str | None = None) -> Answered:
        """Decide a case of a task: by the model where it is trusted, by people otherwise, waiting at most 45 seconds for them.
        While the status is not `decided`, call again with the same features and the key of the answer."""
        name = key or new_key()
        body = {"features": features, "metadata": {}}
        case = await self.send(post("v1", "tasks", task, "decisions", body=body, key=name))
        if case["status"] != "decided":
            case = await self.send(get("v1", "decisions", case["case_id"], wait_s=WAIT_S, wait=WAIT_S))
        return {"key": name, "case_id": case["case_id"], "status": case["status"], "outcome": case.get("outcome")}

    async def _interaction(self, name: str, question: str, options: list[str]) -> Answered:
        comment = {"name": "comment", "type": "textarea", "label": "Comment"}
        chosen = {"name": "answer", "type": "radio", "label": "Your answer", "options": options, "required": True}
        text = {"name": "answer", "type": "textarea", "label": "Your answer", "required": True}
        form = {"fields": [chosen, comment] if options else [text]}
        config = {"prompt": question, "ui_schema": form, "timeout": DAY_S}
        names = {"pipeline_name": "mcp", "step_name": "ask_person"}
        body = {"id": name, "pattern": "pause_for_input", "config": config, "data": {}, **names}
        await self.send(post("v1", "interactions", body=body, key=name))
        return await self.send(get("v1", "interactions", name, wait_s=WAIT_S, wait=WAIT_S))


if __name__ == "__main__":
    main()
