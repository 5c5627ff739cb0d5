"""Head and body of an answer leave in one write."""

import asyncio
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from serve_app.http import one_write
from serve_app.http.one_write import write_answers_whole
from tests.edge.uvicorn_server import port_of, while_served

HEAD = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
BODY = {"type": "http.response.body", "body": b"ok"}
REQUEST = b"GET / HTTP/1.1\r\nhost: here\r\n\r\n"
LAST = b"GET / HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n"


@pytest.fixture(autouse=True)
def whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RequestResponseCycle, "send", one_write._send)  # put back after the test
    write_answers_whole()


class Transport:
    def __init__(self) -> None:
        self.done = list[Any]()

    def write(self, data: bytes) -> None:
        self.done.append(data)

    def close(self) -> None:
        self.done.append("closed")


class Flow:
    def __init__(self) -> None:
        self.write_paused = False


def cycle(transport: Transport, method: str = "GET", keep_alive: bool = True) -> Any:
    return RequestResponseCycle(
        scope={"method": method},  # type: ignore[arg-type]
        transport=transport,  # type: ignore[arg-type]
        flow=Flow(),  # type: ignore[arg-type]
        logger=None,  # type: ignore[arg-type]
        access_logger=None,  # type: ignore[arg-type]
        access_log=False,
        default_headers=[],
        message_event=asyncio.Event(),
        expect_100_continue=False,
        keep_alive=keep_alive,
        on_response=lambda: None,
    )


async def test_an_answer_is_one_write() -> None:
    transport = Transport()
    answering = cycle(transport)
    await answering.send(HEAD)
    await answering.send(BODY)
    assert transport.done == [b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"]
    assert answering.response_complete


async def test_the_last_answer_of_a_connection_is_written_before_it_closes() -> None:
    transport = Transport()
    answering = cycle(transport, keep_alive=False)
    await answering.send(HEAD)
    await answering.send(BODY)
    assert transport.done == [b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok", "closed"]


async def test_more_parts_are_written_as_they_come() -> None:
    transport = Transport()
    answering = cycle(transport)
    await answering.send({**HEAD, "headers": [(b"content-length", b"4")]})
    await answering.send({**BODY, "more_body": True})
    await answering.send(BODY)
    assert [part[-2:] for part in transport.done] == [b"ok", b"ok"]
    assert answering.response_complete


async def test_what_uvicorn_refuses_is_refused() -> None:
    answering = cycle(Transport())
    await answering.send({**HEAD, "headers": [(b"content-length", b"1")]})
    with pytest.raises(RuntimeError, match="longer"):
        await answering.send(BODY)
    with pytest.raises(RuntimeError, match="Expected ASGI message"):
        await cycle(Transport()).send(BODY)


async def test_an_answer_to_head_has_no_body() -> None:
    transport = Transport()
    answering = cycle(transport, "HEAD")
    await answering.send(HEAD)
    await answering.send({**BODY, "body": b""})
    assert transport.done == [b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"]


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_requests_that_come_together_are_answered_in_order(loop: str) -> None:
    assert said_to(REQUEST + REQUEST + LAST, whole_answers, loop).count(b"ok") == 3


def test_an_application_that_fails_behind_its_head_is_a_500() -> None:
    assert said_to(LAST, fails_behind_its_head, "asyncio").startswith(b"HTTP/1.1 500 ")


async def whole_answers(scope: Any, receive: Any, send: Any) -> None:
    await send(HEAD)
    await send(BODY)


async def fails_behind_its_head(scope: Any, receive: Any, send: Any) -> None:
    await send(HEAD)
    raise OSError


def said_to(request: bytes, app: Any, loop: str) -> bytes:
    """Return all that a server of ``app`` says until it closes."""

    async def talk(server: uvicorn.Server) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(server))
        writer.write(request)
        said = await reader.read()
        writer.close()
        return said

    return while_served(app, loop, talk, log_level="critical")


@pytest.mark.parametrize("ends_by", ["a stop of the server", "the answer's own head"])
async def test_a_request_behind_the_last_answer_of_a_connection_is_not_begun(ends_by: str) -> None:
    begun, gate = list[str](), asyncio.Event()
    close = [(b"connection", b"close")] if ends_by == "the answer's own head" else []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        begun.append(scope["path"])
        await gate.wait()
        await send({**HEAD, "headers": [*HEAD["headers"], *close]})  # type: ignore[misc]
        await send(BODY)

    config = uvicorn.Config(app, lifespan="off", http="httptools", log_level="critical")
    config.load()
    made = list[HttpToolsProtocol]()

    def protocol() -> HttpToolsProtocol:
        made.append(HttpToolsProtocol(config, ServerState(), {}))
        return made[-1]

    async with await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(REQUEST.replace(b"GET /", b"GET /first"))
        while not begun:  # noqa: ASYNC110 - the application tells by this alone
            await asyncio.sleep(0.01)
        if not close:
            made[0].shutdown()
        writer.write(REQUEST.replace(b"GET /", b"GET /second"))
        while not made[0].pipeline and not close:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        gate.set()
        assert (await reader.read()).count(b"200 OK") == 1
        writer.close()
    assert begun == ["/first"]


async def test_an_answer_waits_until_its_connection_takes_it() -> None:
    transport = Transport()
    answering = cycle(transport)
    answering.flow.write_paused, drained = True, asyncio.Event()
    answering.flow.drain = drained.wait
    await answering.send(HEAD)
    sending = asyncio.create_task(answering.send(BODY))
    await asyncio.sleep(0)
    assert (transport.done, answering.transport) == ([], transport)
    answering.flow.write_paused = False
    drained.set()
    await sending
    assert len(transport.done) == 1
