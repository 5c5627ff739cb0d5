"""The lifespan of an ASGI application that starts and stops something of its own."""

from collections.abc import Awaitable, Callable

from starlette.types import Receive, Send

Step = Callable[[], Awaitable[None]]


async def live(receive: Receive, send: Send, start: Step, stop: Step) -> None:
    """Start when the server says so, and stop when it says that."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await start()
            await send({"type": "lifespan.startup.complete"})
        else:
            await stop()
            await send({"type": "lifespan.shutdown.complete"})
            return
