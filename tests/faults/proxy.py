"""The network between the product and its store, with the faults that a network has."""

import asyncio
from contextlib import suppress
from hashlib import sha1
from importlib.resources import files

import hitl.adapters.valkey

CHUNK = 1 << 20
LUA = files(hitl.adapters.valkey).joinpath("lua")
APPENDS = [sha1(LUA.joinpath(f"{name}.lua").read_bytes()).hexdigest().encode() for name in ("append_journal", "append_cases")]
LOOK = b"*7\r\n"
"""An append of nothing to a journal, by which an idle writer asks whether it still is the writer."""


class StoreProxy:
    """Carries bytes to the store on ``port``. ``lose`` replies to scripts are dropped with their connection; every reply waits
    ``delay_s``; in an open hole nothing passes, in either direction, and nobody is told. ``lost`` are the appends whose replies
    were dropped, ``repeated`` how many of them came again, byte for byte. ``sources`` are the ports from which it went to the
    store."""

    def __init__(self, port: int) -> None:
        self.store_port, self.port, self.lose, self.delay_s = port, 0, 0, 0.0
        self.lost, self.repeated, self.sources = set[bytes](), 0, set[int]()
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
            store_reader, store_writer = await asyncio.open_connection("127.0.0.1", self.store_port)
        except OSError:
            writer.transport.abort()
            return
        self._writers.add(store_writer)
        self.sources.add(store_writer.get_extra_info("sockname")[1])
        script = [b""]
        ways = [
            asyncio.create_task(self._there(reader, store_writer, script)),
            asyncio.create_task(self._back(store_reader, writer, script)),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way, end in zip(ways, (writer, store_writer), strict=True):
            way.cancel()
            end.transport.abort()
            self._writers.discard(end)

    async def _there(self, reader: asyncio.StreamReader, store: asyncio.StreamWriter, script: list[bytes]) -> None:
        with suppress(OSError):
            while sent := await reader.read(CHUNK):
                await self._through.wait()
                script[0] = sent if b"EVALSHA" in sent else b""
                self.repeated += sent in self.lost
                store.write(sent)
                await store.drain()

    async def _back(self, store: asyncio.StreamReader, writer: asyncio.StreamWriter, script: list[bytes]) -> None:
        with suppress(OSError):
            while reply := await store.read(CHUNK):
                await self._through.wait()
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                if self.lose and script[0]:
                    self.lose -= 1
                    self.lost |= {script[0]} if _appends(script[0]) else set()
                    return
                writer.write(reply)
                await writer.drain()


def _appends(sent: bytes) -> bool:
    return any(name in sent for name in APPENDS) and not sent.startswith(LOOK)
