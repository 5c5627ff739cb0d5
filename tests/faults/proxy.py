"""The network between the product and its store, with the faults that a network has."""

import asyncio
from contextlib import suppress

CHUNK = 1 << 20


class StoreProxy:
    """Carries bytes to the store on ``port``. ``lose`` replies to scripts are dropped with their connection; every reply waits
    ``delay_s``; while ``is_hole`` nothing passes, in either direction, and nobody is told."""

    def __init__(self, port: int) -> None:
        self._store_port, self.port, self.lose, self.delay_s = port, 0, 0, 0.0
        self.lost = 0
        self._through, self._server = asyncio.Event(), None
        self._through.set()
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0, limit=CHUNK)
        self.port = self._server.sockets[0].getsockname()[1]

    def close_hole(self) -> None:
        self._through.set()

    def open_hole(self) -> None:
        self._through.clear()

    def reset(self) -> None:
        """Cut every connection, whatever is under way on it."""
        for writer in list(self._writers):
            writer.transport.abort()

    async def stop(self) -> None:
        self.close_hole()
        if self._server is not None:
            self._server.close()
        self.reset()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            store_reader, store_writer = await asyncio.open_connection("127.0.0.1", self._store_port)
        except OSError:
            writer.transport.abort()
            return
        self._writers.add(store_writer)
        was_script = [False]
        ways = [
            asyncio.create_task(self._there(reader, store_writer, was_script)),
            asyncio.create_task(self._back(store_reader, writer, was_script)),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way, end in zip(ways, (writer, store_writer), strict=True):
            way.cancel()
            end.transport.abort()
            self._writers.discard(end)

    async def _there(self, reader: asyncio.StreamReader, store: asyncio.StreamWriter, was_script: list[bool]) -> None:
        with suppress(OSError):
            while sent := await reader.read(CHUNK):
                await self._through.wait()
                was_script[0] = b"EVALSHA" in sent
                store.write(sent)
                await store.drain()

    async def _back(self, store: asyncio.StreamReader, writer: asyncio.StreamWriter, was_script: list[bool]) -> None:
        with suppress(OSError):
            while reply := await store.read(CHUNK):
                await self._through.wait()
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                if self.lose and was_script[0]:
                    self.lose, self.lost = self.lose - 1, self.lost + 1
                    return
                writer.write(reply)
                await writer.drain()
