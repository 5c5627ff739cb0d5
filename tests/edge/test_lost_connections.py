"""What a lost connection holds: nothing, however it was lost."""

import asyncio
import gc
import socket
import struct
import weakref
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from serve_app.http import lost_connections
from serve_app.http.lost_connections import end_timers_of_lost_connections
from tests.edge.uvicorn_server import port_of, while_served

REQUEST = b"GET / HTTP/1.1\r\nhost: here\r\n\r\n"
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER: a close sends a reset at once."""


async def app(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture(params=["closed", "reset"])
def ends_by(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(HttpToolsProtocol, "connection_lost", lost_connections._lost)  # put back after the test
    return str(request.param)


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_lost_connection_is_held_by_nothing(ends_by: str, loop: str) -> None:
    end_timers_of_lost_connections()
    assert held_after(ends_by, loop) == 0


def test_without_it_a_connection_that_was_reset_is_held(ends_by: str) -> None:
    assert held_after(ends_by, "uvloop") == (ends_by == "reset")


def held_after(ends_by: str, loop: str) -> int:
    """How many connections are held after one that got its answer ended."""

    async def talk(server: uvicorn.Server) -> int:
        client = socket.create_connection(("127.0.0.1", port_of(server)))
        client.setblocking(False)
        running = asyncio.get_running_loop()
        await running.sock_sendall(client, REQUEST)
        assert (await running.sock_recv(client, 1000)).endswith(b"ok")
        (connection,) = [weakref.ref(each) for each in server.server_state.connections]
        if ends_by == "reset":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        client.close()
        while server.server_state.connections:  # noqa: ASYNC110 - uvicorn tells by this alone
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        gc.collect()
        return int(connection() is not None)

    return while_served(app, loop, talk, timeout_keep_alive=600, log_level="error")
