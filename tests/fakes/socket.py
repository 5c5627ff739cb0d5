"""A WebSocket client for an ASGI application in the same event loop."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any


class Socket:
    """``sent`` are the application's messages in their order."""

    def __init__(self) -> None:
        self._in: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._out: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def say(self, text: str) -> None:
        await self._in.put({"type": "websocket.receive", "text": text})

    async def next(self) -> dict[str, Any]:
        """The next event of the application, as ASGI has it; fails after 30 seconds."""
        async with asyncio.timeout(30):
            return await self._out.get()

    async def hear(self) -> Any:
        """The next message; JSON is read."""
        text = (await self.next())["text"]
        return json.loads(text) if text.startswith("{") else text

    async def run(self, app: Any, path: str, headers: list[tuple[bytes, bytes]], query: bytes) -> None:
        await self._in.put({"type": "websocket.connect"})
        scope = {"type": "websocket", "path": path, "raw_path": path.encode(), "query_string": query, "headers": headers}
        await app({**scope, "subprotocols": [], "scheme": "ws", "root_path": "", "state": {}}, self._in.get, self._out.put)

    async def leave(self) -> None:
        await self._in.put({"type": "websocket.disconnect", "code": 1000})


@asynccontextmanager
async def connected(app: Any, path: str, who: str | None, query: str = "") -> AsyncIterator[Socket]:
    socket = Socket()
    headers = [] if who is None else [(b"authorization", f"Bearer {who}".encode())]
    life = asyncio.create_task(socket.run(app, path, headers, query.encode()))
    yield socket
    await socket.leave()
    await asyncio.wait({life}, timeout=5)
