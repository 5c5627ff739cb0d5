"""Server-sent events for one person; a stalled stream is dropped, and EventSource resumes at its cursor."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import TypeVar

from fastapi.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from hitl.errors import Forbidden, NotFound, TooManyRequests, Unauthenticated
from serve_app.api.live.socket import MAX_SOCKETS, SEND_TIMEOUT_S

RETRY_AFTER_S = 10

Item = TypeVar("Item")


async def while_allowed(stream: AsyncIterator[Item]) -> AsyncIterator[Item]:
    """``stream`` until the person's right to it ends."""
    try:
        async for item in stream:
            yield item
    except (Unauthenticated, Forbidden, NotFound):
        return


class EventStream(StreamingResponse):
    """``events`` are whole events as text. ``open_streams`` counts what each person has open in this replica, sockets included.
    Raises TooManyRequests when ``person`` has too many."""

    def __init__(
        self, events: AsyncIterator[str], person: str, open_streams: Counter[str], timeout_s: float = SEND_TIMEOUT_S
    ) -> None:
        if open_streams[person] >= MAX_SOCKETS:
            raise TooManyRequests(person, f"{MAX_SOCKETS} live connections", RETRY_AFTER_S)
        super().__init__(events, media_type="text/event-stream", headers={"cache-control": "no-store"})
        self._person, self._open_streams, self._timeout_s = person, open_streams, timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._open_streams[self._person] += 1
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._open_streams -= Counter({self._person: 1})

    async def stream_response(self, send: Send) -> None:
        """Ends without the last chunk when one was not taken in time: the server then closes the connection."""

        async def in_time(message: Message) -> None:
            async with asyncio.timeout(self._timeout_s):
                await send(message)

        try:
            await super().stream_response(in_time)
        except TimeoutError:
            return
