"""The SDK's asynchronous decorator, whose first pause lasts until a line comes in: the service is killed meanwhile."""

import asyncio
import sys

from humanlayer import AsyncHumanLayer

pauses = 0


async def pause(seconds: int) -> None:
    global pauses
    pauses += 1
    if pauses == 1:
        print("waiting", flush=True)
        await asyncio.to_thread(sys.stdin.readline)


hl = AsyncHumanLayer(run_id="killed-async", sleep=pause)


@hl.require_approval()
async def multiply(x: int, y: int) -> int:
    """multiply two numbers"""
    return x * y


print(asyncio.run(multiply(x=6, y=7)), flush=True)
