"""A load balancer for tests: connections go round over the addresses that take them."""

import asyncio
import itertools
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

CHUNK = 65_536


Address = tuple[str, int]


class Balancer:
    """Listens on ``url``; each new connection goes to the next of ``addresses``, or the one after it when nobody listens
    there."""

    def __init__(self, addresses: list[Address]) -> None:
        self._addresses, self._turns = addresses, itertools.count()
        self._open = set[asyncio.StreamWriter]()
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._server = self._wait(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def turn_to(self, addresses: list[Address]) -> None:
        """Each new connection goes to one of these, and those that are open end: what another service's selector does."""
        self._addresses = addresses
        self._loop.call_soon_threadsafe(self._end_all)

    def _end_all(self) -> None:
        for open_one in list(self._open):
            open_one.close()

    def close(self) -> None:
        self._server.close()
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        first = next(self._turns)
        addresses = self._addresses
        for turn in range(len(addresses)):
            with suppress(OSError):
                there = await asyncio.open_connection(*addresses[(first + turn) % len(addresses)])
                await _join(reader, writer, *there)
                break
        self._open.discard(writer)
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
