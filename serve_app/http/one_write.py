"""Write the head and the body of an answer together.

uvicorn writes each of them by itself, and uvloop gives each write to the system at once: two system calls here, and two wake-ups
of the proxy that reads them. Only for a process whose answers are whole: a stream,
which begins with its head alone, would wait for its first part.
"""

from typing import Any

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

_send = RequestResponseCycle.send


def write_answers_whole() -> None:
    """From now on answers of this process leave with their head and the first part of their body in one write. Harmless to
    repeat."""
    RequestResponseCycle.send = _send_whole  # type: ignore[method-assign]


class _Writes:
    """Stands in for a connection's ``transport`` while a head and a body are written. It closes at once, since uvicorn looks
    afterwards whether the connection may have a next request."""

    def __init__(self, transport: Any) -> None:
        self._transport, self._parts = transport, list[bytes]()

    def write(self, data: bytes) -> None:
        self._parts.append(data)

    def flush(self) -> None:
        if self._parts:
            self._transport.write(b"".join(self._parts))
            self._parts.clear()

    def close(self) -> None:
        self.flush()
        self._transport.close()

    def is_closing(self) -> bool:
        return bool(self._transport.is_closing())


async def _send_whole(self: Any, message: Any) -> None:
    """Keep a head until its body is there. What uvicorn checks of both it checks now."""
    if message["type"] == "http.response.start" and not self.response_started:
        self.head_to_send = message
        return
    head = self.__dict__.pop("head_to_send", None)
    if head is None:
        await _send(self, message)
        return
    if self.flow.write_paused and not self.disconnected:
        await self.flow.drain()
    transport = self.transport
    self.transport = writes = _Writes(transport)
    try:
        await _send(self, head)
        await _send(self, message)
    finally:
        self.transport = transport
        writes.flush()
