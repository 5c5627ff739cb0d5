"""The SDK's asynchronous client: the same code with ``await``."""

import asyncio

from humanlayer import AsyncHumanLayer


async def main() -> None:
    hl = AsyncHumanLayer(run_id="async")

    @hl.require_approval()
    async def multiply(x: int, y: int) -> int:
        """multiply two numbers"""
        return x * y

    print(await multiply(x=6, y=7), flush=True)
    print(await hl.human_as_tool()("Which number did you expect?"), flush=True)


asyncio.run(main())
