"""Server-sent events for one person; a stalled stream is dropped, and EventSource resumes at its cursor."""

import asyncio
from collections.abc import AsyncIterator
from typing import TypeVar

from fastapi.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from hitl.errors import Forbidden, NotFound, Unauthenticated
from serve_app.api.live.held import HeldConnections
from serve_app.api.live.socket import SEND_TIMEOUT_S

Item = TypeVar("Item")


async def while_allowed(stream: AsyncIterator[Item]) -> AsyncIterator[Item]:
    """``stream`` until the person's right to it ends."""
    try:
        async for item in stream:
            yield item
    except (Unauthenticated, Forbidden, NotFound):
        return


class EventStream(StreamingResponse):
    """``events`` are whole events as text; ``held`` counts what each person holds. Raises TooManyRequests when ``person`` has
    too many."""

    def __init__(self, events: AsyncIterator[str], person: str, held: HeldConnections, timeout_s: float = SEND_TIMEOUT_S) -> None:
        held.require_room(person)
        super().__init__(events, media_type="text/event-stream", headers={"cache-control": "no-store"})
        self._person, self._held, self._timeout_s = person, held, timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises TooManyRequests where another stream took the last place since."""
        with self._held.place(self._person):
            await super().__call__(scope, receive, send)

    async def stream_response(self, send: Send) -> None:
        """Ends without the last chunk when one was not taken in time: the server then closes the connection."""

        async def in_time(message: Message) -> None:
            async with asyncio.timeout(self._timeout_s):
                await send(message)

        try:
            await super().stream_response(in_time)
        except TimeoutError:
            return
