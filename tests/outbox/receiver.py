"""A receiver of webhooks on this machine: real HTTP, with answers that the test chooses."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """``answers`` are the statuses to come, 200 after the last; ``received`` every request, also those refused."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    extra: bytes = b""
    delay_s: float = 0.0

    @property
    def ids(self) -> list[str]:
        return [each.headers["webhook-id"] for each in self.received]

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A message is received once it is whole: its sender may be killed in the middle of it."""
        try:
            self.received.append(await _whole(reader))
        except asyncio.IncompleteReadError:
            writer.close()
            return
        await asyncio.sleep(self.delay_s)
        status = self.answers.pop(0) if self.answers else 200
        more = f"location: {self.url}/elsewhere\r\n" if 300 <= status < 400 else ""
        writer.write(f"HTTP/1.1 {status} x\r\n{more}content-length: {len(self.extra)}\r\nconnection: close\r\n\r\n".encode())
        writer.write(self.extra)
        writer.close()


async def _whole(reader: asyncio.StreamReader) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
    return Received(head[0].split(" ")[1], headers, await reader.readexactly(int(headers.get("content-length", 0))))


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    server = await asyncio.start_server(receiver.take, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield receiver
    server.close()
