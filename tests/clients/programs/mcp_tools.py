"""The MCP SDK's own client over stdio, against ``hitl mcp``: calls one tool, and prints what it answers."""

import asyncio
import json
import os
import sys
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.types import ElicitResult

ANSWER = json.loads(sys.argv[3]) if len(sys.argv) > 3 else None


async def person(context: Any, asked: Any) -> ElicitResult:
    """The user of the client."""
    print(json.dumps({"asked": asked.message, "options": asked.requested_schema["properties"]["label"]["enum"]}), flush=True)
    return ElicitResult(action="accept" if ANSWER else "decline", content=ANSWER)


async def main(tool: str, arguments: dict[str, Any]) -> None:
    names = ("HITL_API_URL", "HITL_API_KEY", "PYTHONPATH", "PATH")
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "hitl.cli", "mcp"], env={name: os.environ[name] for name in names}
    )
    async with Client(server, elicitation_callback=person) as client:
        if tool == "list":
            print(json.dumps(sorted(each.name for each in (await client.list_tools()).tools)), flush=True)
            return
        answer = await client.call_tool(tool, arguments)
        said = answer.structured_content or [part.text for part in answer.content]
        print(json.dumps({"error": bool(answer.is_error), "answer": said}), flush=True)


asyncio.run(main(sys.argv[1], json.loads(sys.argv[2])))
