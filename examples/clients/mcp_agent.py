"""An agent's side of MCP: start ``hitl mcp``, ask a person, and act on the answer.

    pip install "ray-hitl[mcp]"
    HITL_API_URL=http://127.0.0.1:8000 HITL_API_KEY=<a client's key> python mcp_agent.py "Which city?" Rome Oslo

An agent with a language model calls the tool by itself; this program calls it as such an agent does, so that it needs no model.
"""

import asyncio
import os
import sys
from typing import Any

from mcp import Client, StdioServerParameters


async def ask_person(agent: Client, question: str, options: list[str]) -> dict[str, Any]:
    """Call the tool until a person has answered: the id of the first answer makes it one question."""
    given: dict[str, Any] = {"question": question, "options": options}
    while True:
        said = await agent.call_tool("ask_person", given)
        answer = dict(said.structured_content or {})
        if answer.get("status") != "pending":
            return answer
        given["question_id"] = answer["question_id"]


async def main(question: str, options: list[str]) -> None:
    server = StdioServerParameters(command=sys.executable, args=["-m", "hitl.cli", "mcp"], env=dict(os.environ))
    async with Client(server) as agent:
        answer = await ask_person(agent, question, options)
    print(answer.get("status"), answer.get("answer"), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2:]))
