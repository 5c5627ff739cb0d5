"""An agent of the OpenAI Agents SDK whose tool needs an approval.

    pip install "ray-hitl[openai-agents]"
    HITL_API_URL=http://127.0.0.1:8000 HITL_API_KEY=<a client's key> python openai_agent.py order-7 order-7.json

Stop it while it waits and start it again with the same run and file: it asks nobody twice. The model is a recorded one, so that
the example needs no other service; leave ``model=`` out for OpenAI's.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

from agents import Agent, ModelResponse, Usage, function_tool, set_tracing_disabled
from agents.models.interface import Model
from openai.types.responses import ResponseFunctionToolCall, ResponseOutputMessage, ResponseOutputText

from hitl.client import AsyncClient
from hitl.client.async_human_layer import AsyncHumanLayer
from hitl.client.environment import ClientSettings
from hitl.integrations.openai_agents import run_until_done

set_tracing_disabled(True)


class RecordedModel(Model):
    """First it calls the tool, and repeats what the tool said."""

    async def get_response(self, system_instructions: Any, input: Any, *_: Any, **__: Any) -> ModelResponse:
        outputs = [each["output"] for each in input if isinstance(each, dict) and each.get("type") == "function_call_output"]
        if outputs:
            text = ResponseOutputText(annotations=[], text=str(outputs[0]), type="output_text")
            said: Any = ResponseOutputMessage(id="m", content=[text], role="assistant", status="completed", type="message")
        else:
            said = ResponseFunctionToolCall(arguments='{"amount": 5}', call_id="c1", name="pay", type="function_call")
        return ModelResponse(output=[said], usage=Usage(), response_id=None)

    def stream_response(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError


@function_tool(needs_approval=True)
def pay(amount: int) -> str:
    """Pay somebody."""
    print(f"paid {amount}", flush=True)
    return f"paid {amount}"


async def main(run_id: str, path: str) -> None:
    settings = ClientSettings()
    async with AsyncClient(settings.api_url, settings.api_key) as client:
        agent = Agent(name="payer", model=RecordedModel(), tools=[pay])
        result = await run_until_done(agent, "pay", AsyncHumanLayer(client), run_id, Path(path))
    print(result.final_output, flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
