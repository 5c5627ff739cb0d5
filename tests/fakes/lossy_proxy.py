"""A network that loses the store's reply: the command arrives and takes effect, its answer never comes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class LossyProxy:
    """Carries bytes to the store on ``port``. The next ``lose`` replies to a script are dropped with their connection."""

    def __init__(self, port: int) -> None:
        self._port, self.lose, self.url = port, 0, ""

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        store_reader, store_writer = await asyncio.open_connection("127.0.0.1", self._port)
        while sent := await reader.read(1 << 20):
            store_writer.write(sent)
            reply = await store_reader.read(1 << 20)
            if self.lose and b"EVALSHA" in sent:
                self.lose -= 1
                break
            writer.write(reply)
        writer.close()
        store_writer.close()


@asynccontextmanager
async def lossy(port: int) -> AsyncIterator[LossyProxy]:
    proxy = LossyProxy(port)
    server = await asyncio.start_server(proxy.carry, "127.0.0.1", 0)
    proxy.url = f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0"
    yield proxy
    server.close()
