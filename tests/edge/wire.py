"""Rows 1 to 10, 48 and 96: bytes on a real connection, to a server as Ray Serve runs it."""

import asyncio
import json
from contextlib import suppress

import pytest

from serve_app.api.services import strict_route
from serve_app.decisions import wire as gateway_wire
from tests.edge.bodies import case
from tests.edge.row import DECISIONS, GOOD, Ask, Probe, refused, taken
from tests.edge.stage import Stage

BODY = json.dumps(GOOD).encode()
LARGE = b'{"features": "' + b"x" * 200_000 + b'"}'
ANSWERS_WITHIN_S = 2.0


def on_the_wire(text: bytes, *statuses: int) -> Probe:
    """One of ``statuses`` (0: the connection is closed without a word) to exactly these bytes, and nothing has changed. ``$key``
    stands for the client's key."""

    async def probe(stage: Stage) -> None:
        before = await stage.digest()
        answer = await exchange(stage, text)
        assert _status(answer) in statuses, answer[:400]
        assert await stage.digest() == before

    return probe


async def exchange(stage: Stage, text: bytes, then: bytes = b"") -> bytes:
    """The head of what comes back, or nothing where the server says nothing for a while."""
    reader, writer = await asyncio.open_connection("127.0.0.1", await stage.listen())
    writer.write(text.replace(b"$key", stage.keys["client"].encode()) + then)
    await writer.drain()
    found = b""
    with suppress(TimeoutError, ConnectionResetError):
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            while b"\r\n\r\n" not in found and (piece := await reader.read(65_536)):
                found += piece
    writer.close()
    return found


def _status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.") else 0


def post(body: bytes, *headers: str, path: str = DECISIONS, length: int | None = None) -> bytes:
    given = [f"POST {path} HTTP/1.1", "Host: hitl", "Authorization: Bearer $key", "Content-Type: application/json"]
    given += ["Idempotency-Key: w1", *headers]
    if length is not None:
        given.append(f"Content-Length: {length}")
    return "\r\n".join(given).encode() + b"\r\n\r\n" + body


def look(*headers: str, target: str = "/v1/tasks", version: str = "HTTP/1.1") -> bytes:
    return "\r\n".join([f"GET {target} {version}", "Host: hitl", "Authorization: Bearer $key", *headers]).encode() + b"\r\n\r\n"


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


def stalled(path: str) -> Probe:
    """A body that was promised and does not come is not waited for."""

    async def probe(stage: Stage) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(strict_route, "BODY_TIMEOUT_S", 0.05)
            patch.setattr(gateway_wire, "BODY_TIMEOUT_S", 0.05)
            await on_the_wire(post(b"{", path=path, length=100), 408, 403)(stage)

    return probe


async def expected(stage: Stage) -> None:
    """Who asks first is told to go on, and the whole is one case."""
    answer = await exchange(stage, post(b"", "Expect: 100-continue", length=len(BODY)), BODY)
    assert _status(answer) in (100, 202)


CHUNKED = "Transfer-Encoding: chunked"

WIRE: dict[int, list[Probe]] = {
    1: [
        on_the_wire(text, 400)
        for text in (b"GET\r\n\r\n", b"G\x00T / HTTP/1.1\r\n\r\n", look("Bad Header: x"), look("X: a\x00b"))
    ],
    2: [on_the_wire(look("X-Long: " + "x" * 70_000), 400, 431)],
    3: [
        on_the_wire(look(target="/v1/tasks/" + "x" * 9_000), 400, 414),
        on_the_wire(look(target="/v1/queues?q=" + "x" * 9_000), 400, 414),
    ],
    4: [on_the_wire(post(b"", length=10_000_000), 413), refused(case(LARGE), 413)],
    5: [on_the_wire(post(chunked(LARGE), CHUNKED), 413)],
    6: [stalled(DECISIONS), stalled("/v1/queues/digits/claim")],
    7: [
        on_the_wire(post(chunked(BODY), CHUNKED, length=len(BODY)), 400),
        on_the_wire(post(BODY, "Content-Length: 5", length=6), 400),
    ],
    8: [on_the_wire(look("Content-Length: 2").replace(b"\r\n\r\n", b"\r\n\r\n{}"), 200)],
    9: [refused(Ask(verb, path, "client"), 405) for verb in ("BREW", "TRACE", "PATCH") for path in ("/v1/tasks", "/v1/queues")],
    48: [
        taken(Ask("GET", "/v1/models", "client", None, {"host": "evil", "x-forwarded-for": "127.0.0.1"}), 200),
        refused(Ask("GET", "/v1/queues/digits/claim", "reviewer", None, {"x-http-method-override": "POST"}), 405),
        refused(Ask("GET", "/v1/accounts", "reviewer", None, {"x-forwarded-user": "admin", "x-real-ip": "127.0.0.1"}), 403),
    ],
    96: [
        on_the_wire(look("Range: bytes=-5,x", 'If-None-Match: "junk'), 200),
        on_the_wire(b"GET /v1/tasks\r\n", 0, 400),
        on_the_wire(look(version="HTTP/9.9"), 400, 505),
        on_the_wire(look("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"), 200, 400),
        on_the_wire(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0, 400, 405),
        expected,
    ],
}
