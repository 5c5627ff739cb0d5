"""Rows 86 to 90: what comes over a WebSocket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from hitl.identity import Principal, Role
from tests.edge.row import Ask, Probe
from tests.edge.stage import Stage
from tests.fakes.socket import Socket

REFUSED = "websocket.close"
STEP = {"pattern": "review_and_approve", "config": {"assignees": ["expert"]}, "data": {"secret": "theirs"}}


@asynccontextmanager
async def opened(stage: Stage, path: str, *headers: tuple[str, str]) -> AsyncIterator[Socket]:
    socket = Socket()
    raw = [(name.encode(), value.encode()) for name, value in headers]
    life = asyncio.create_task(socket.run(stage.review, path, raw, b""))
    yield socket
    await socket.leave()
    await asyncio.wait({life}, timeout=5)


def bearer(stage: Stage, who: str) -> tuple[str, str]:
    return "authorization", f"Bearer {stage.keys[who]}"


async def closed(socket: Socket) -> dict[str, Any]:
    """The first closing message."""
    while (message := await socket.next())["type"] != REFUSED:
        pass
    return message


def not_opened(path: str, *headers: tuple[str, str], key: str | None = None) -> Probe:
    async def probe(stage: Stage) -> None:
        given = [*headers, bearer(stage, key)] if key else list(headers)
        async with opened(stage, path, *given) as socket:
            assert (await socket.next())["type"] == REFUSED

    return probe


def with_cookie(*headers: tuple[str, str]) -> Probe:
    """A handshake by cookie from a page that is not ours."""

    async def probe(stage: Stage) -> None:
        signed_in = await Ask("POST", "/v1/session", "reviewer", None, {"idempotency-key": None}).send(stage)
        cookie = signed_in.headers["set-cookie"].split(";")[0]
        await not_opened("/ws/hitl/reviewer", ("cookie", cookie), ("host", "hitl"), *headers)(stage)

    return probe


async def revoked(stage: Stage) -> None:
    """Who loses their key hears nothing more of what happens."""
    stage.keys["late"] = await stage.key(Principal("late", frozenset({Role.REVIEWER})))
    async with opened(stage, "/ws/hitl/late", bearer(stage, "late")) as socket:
        assert (await socket.next())["type"] == "websocket.accept"
        await socket.next()
        await stage.store.remove(stage.keys["late"].split("_")[1])
        stage.now += 3
        mine = STEP | {"config": {"role": "reviewer"}}
        await Ask("POST", "/v1/interactions", "client", mine).send(stage)
        assert (await closed(socket))["code"] == 1008


def ended(code: int, *frames: dict[str, Any]) -> Probe:
    """The socket is closed with ``code`` once these frames have come, and nothing has changed."""

    async def probe(stage: Stage) -> None:
        before = await stage.digest()
        async with opened(stage, "/ws/hitl/reviewer", bearer(stage, "reviewer")) as socket:
            assert (await socket.next())["type"] == "websocket.accept"
            for frame in frames:
                await socket._in.put({"type": "websocket.receive", **frame})
            assert (await closed(socket))["code"] == code
        assert await stage.digest() == before

    return probe


async def too_many(stage: Stage) -> None:
    """One person has a bounded number of sockets; the next one is refused and the others live on."""
    async with _all(stage, [bearer(stage, "reviewer")] * 64) as sockets:
        last = [await socket.next() for socket in sockets]
        assert {message["type"] for message in last} == {"websocket.accept"}
        async with opened(stage, "/ws/hitl/reviewer", bearer(stage, "reviewer")) as one_more:
            assert await one_more.next() == {"type": REFUSED, "code": 1013, "reason": ""}
        await sockets[0].say("ping")
        await sockets[0].next()
        assert (await sockets[0].next())["text"] == "pong"


@asynccontextmanager
async def _all(stage: Stage, whose: list[tuple[str, str]]) -> AsyncIterator[list[Socket]]:
    sockets = [Socket() for _ in whose]
    lives = [
        asyncio.create_task(socket.run(stage.review, "/ws/hitl/reviewer", [(header[0].encode(), header[1].encode())], b""))
        for socket, header in zip(sockets, whose, strict=True)
    ]
    yield sockets
    for socket in sockets:
        await socket.leave()
    await asyncio.wait(lives, timeout=5)


async def others(stage: Stage) -> None:
    """Following what one may not see brings nothing of it."""
    theirs = (await Ask("POST", "/v1/interactions", "client", STEP).send(stage)).json()["interaction_id"]
    async with opened(stage, "/ws/hitl/reviewer", bearer(stage, "reviewer")) as socket:
        await socket.next()
        await socket.next()
        await socket.say(json.dumps({"type": "subscribe", "data": {"interaction_id": theirs}}))
        await Ask("POST", f"/v1/interactions/{theirs}/cancel", "client", {"reason": "over"}).send(stage)
        await socket.say("ping")
        assert (await socket.next())["text"] == "pong"


PING = {"text": "ping"}
SOCKETS: dict[int, list[Probe]] = {
    86: [
        not_opened("/ws/hitl/reviewer"),
        not_opened("/ws/hitl/reviewer", ("authorization", "Bearer hitl_0_0")),
        with_cookie(),
        with_cookie(("origin", "http://evil")),
        with_cookie(("origin", "null")),
    ],
    87: [revoked],
    88: [ended(1003, {"bytes": b"\x00\x01"}), ended(1009, {"text": "x" * 70_000}), ended(1008, {"text": '{"type": "nothing"}'})],
    89: [ended(1008, *[PING] * 1_000), too_many],
    90: [not_opened("/ws/hitl/reviewer-2", key="reviewer"), others],
}
