"""One person's WebSocket: pending interactions, then new ones, and answers to pings."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

from fastapi import WebSocket, WebSocketDisconnect

from hitl.canonical import to_plain
from hitl.errors import HitlError, TooManyRequests, Unauthenticated
from hitl.identity import Principal
from serve_app.api.live.changes import ChangeFeed, ChangeMessage
from serve_app.api.live.feed import Feed
from serve_app.api.live.messages import LiveMessage
from serve_app.api.live.stream import messages
from serve_app.api.services.callers import BEARER, caller_of_socket, reauthenticate
from serve_app.api.services.context import ApiPorts
from serve_app.http.limits import Buckets

SEND_TIMEOUT_S = 10.0
"""A socket that does not take a message in this time is dropped; it comes back with its cursor."""

MAX_MESSAGE_CHARACTERS = 4_096
MAX_FOLLOWED = 1_000

MESSAGES_PER_S, MESSAGES_BURST = 20.0, 200.0
"""A client says hello twice a minute and follows what its pages show."""

GONE, NO_BYTES, POLICY, TOO_BIG, TRY_AGAIN = 1000, 1003, 1008, 1009, 1013


async def serve_socket(socket: WebSocket, user_id: str, ports: ApiPorts, feed: Feed, changes: ChangeFeed) -> None:
    """Until the client leaves. Refused before it is accepted unless the token's owner is ``user_id``, and has not too many."""
    try:
        first = await caller_of_socket(socket, ports)
        if first.id != user_id:
            raise Unauthenticated("the token is somebody else's")
        feed.held.require_room(first.id)
    except TooManyRequests:
        await socket.close(TRY_AGAIN)
        return
    except HitlError:
        await socket.close(POLICY)
        return
    with feed.held.place(first.id):
        await _converse(socket, first, ports, feed, changes)


async def _converse(socket: WebSocket, first: Principal, ports: ApiPorts, feed: Feed, changes: ChangeFeed) -> None:
    async def who() -> Principal:
        return await reauthenticate(ports, first, _authorization(socket))

    await socket.accept("hitl" if "hitl" in socket.scope.get("subprotocols", ()) else None)
    followed: set[str] = set()
    sending = asyncio.create_task(_send(socket, messages(ports.shards, feed, who, _cursor(socket), followed)))
    receiving = asyncio.create_task(_receive(socket, followed))
    tasks = {sending, receiving}
    if "changes" in socket.query_params:
        tasks.add(asyncio.create_task(_send(socket, changes.listen(socket.query_params["changes"], who))))
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    code = receiving.result() if not receiving.cancelled() and receiving.exception() is None else None
    if isinstance(code, int) and code != GONE:
        await socket.close(code)


async def _send(socket: WebSocket, stream: AsyncIterator[LiveMessage] | AsyncIterator[ChangeMessage]) -> None:
    try:
        async for message in stream:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await socket.send_text(json.dumps(to_plain(message), ensure_ascii=False, allow_nan=False))
    except Unauthenticated:
        await socket.close(POLICY)
    except TimeoutError:
        await socket.close(TRY_AGAIN)


async def _receive(socket: WebSocket, followed: set[str]) -> int:
    """``ping`` gets ``pong``; ``{"type": "subscribe", "data": {"interaction_id"}}`` follows one more interaction. Returns the
    code to close with, once something else comes, or too much, or the client leaves."""
    bucket = Buckets(MESSAGES_PER_S, MESSAGES_BURST, time.monotonic)
    try:
        while True:
            text = await socket.receive_text()
            bucket.take("")
            if text == "ping":
                await socket.send_text("pong")
            elif len(text) > MAX_MESSAGE_CHARACTERS:
                return TOO_BIG
            elif len(followed) < MAX_FOLLOWED:
                followed.add(_named(text))
    except WebSocketDisconnect:
        return GONE
    except KeyError:  # a frame of bytes
        return NO_BYTES
    except (TooManyRequests, ValueError):
        return POLICY


def _named(text: str) -> str:
    """Return the interaction that a subscription names. Raises ValueError for any other message."""
    try:
        message = json.loads(text)
        name = message["data"]["interaction_id"] if message["type"] == "subscribe" else None
    except (TypeError, KeyError, RecursionError) as error:
        raise ValueError(text) from error
    if not isinstance(name, str):
        raise ValueError(text)
    return name


def _authorization(socket: WebSocket) -> str | None:
    header = socket.headers.get("authorization")
    offered = [each.removeprefix(BEARER) for each in socket.scope.get("subprotocols", ()) if each.startswith(BEARER)]
    return f"Bearer {offered[0]}" if header is None and offered else header


def _cursor(socket: WebSocket) -> int | None:
    text = socket.query_params.get("cursor", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None
