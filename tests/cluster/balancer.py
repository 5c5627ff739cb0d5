"""A load balancer for tests: connections go round over the addresses that take them."""

import asyncio
import itertools
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

CHUNK = 65_536


class Balancer:
    """Listens on ``url``; each new connection goes to the next of ``ports`` on loopback, or the one after it when nobody
    listens there."""

    def __init__(self, ports: list[int]) -> None:
        self._ports, self._turns = ports, itertools.count()
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._server = self._wait(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        self._server.close()
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = next(self._turns)
        for turn in range(len(self._ports)):
            with suppress(ConnectionError):
                there = await asyncio.open_connection("127.0.0.1", self._ports[(first + turn) % len(self._ports)])
                await _join(reader, writer, *there)
                break
        writer.close()


async def _join(reader: Any, writer: Any, there: Any, to_there: Any) -> None:
    """Both ways, until either side ends."""
    ways = [asyncio.ensure_future(_copy(reader, to_there)), asyncio.ensure_future(_copy(there, writer))]
    await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    for way in ways:
        way.cancel()
    to_there.close()


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(CHUNK):
            sink.write(data)
            await sink.drain()
