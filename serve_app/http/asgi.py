"""The outermost middleware of the review application: parse the head once, and add the request id to every answer.

Nothing that it answers is for a cache (keys, inputs, what people see), unless a route says so itself, as assets do.
"""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hitl.errors import InvalidRequest
from serve_app.http.request_head import RequestHead, check_head, head_of

Header = tuple[bytes, bytes]

MAX_QUERY_BYTES = 4096
"""The longest that a route takes is a cursor of 64 partitions."""


class Edge:
    """Middleware that reads the head of each request, and puts the request's id on its answer.

    Pure ASGI: a framework's middleware would hold each answer in a queue without bound.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        head = head_of(scope)
        scope.setdefault("state", {})["head"] = head

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message.get("headers", ()) if pair[0] != b"x-request-id"]
                message = {**message, "headers": [*_uncached(kept), (b"x-request-id", head.request_id.encode())]}
            await send(message)

        await self._app(scope, receive, send_with_id)


class AnswersHead:
    """Answers HEAD as GET without the body (RFC 9110, section 9.3.2), for every route: monitors and balancers ask so.

    The route is told that the caller left once its head is sent, so that one that waits or streams ends.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            return await self._app(scope, receive, send)
        begun, messages = asyncio.Event(), iter([{"type": "http.request", "body": b"", "more_body": False}])

        async def receive_nothing() -> Message:
            message = next(messages, None)
            if message is None:
                await begun.wait()
            return message or {"type": "http.disconnect"}

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b""})
                begun.set()

        await self._app({**scope, "method": "GET"}, receive_nothing, send_head)


def _uncached(headers: list[Header]) -> list[Header]:
    says = any(name == b"cache-control" for name, _ in headers)
    return headers if says else [*headers, (b"cache-control", b"no-store")]


def without_request_id(app: ASGIApp) -> ASGIApp:
    """``app`` for Ray Serve, whose proxy puts the request id on every answer by itself: twice would be a list of two."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_without_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message.get("headers", ()) if pair[0] != b"x-request-id"]
                message = {**message, "headers": kept}
            await send(message)

        await app(scope, receive, send_without_id)

    return wrapped


def head(scope: Scope) -> RequestHead:
    """Return the head that Edge has read."""
    found: RequestHead = scope["state"]["head"]
    return found


def check_request(scope: Scope) -> None:
    """Raises InvalidRequest for a path, a query or headers that no route takes."""
    check_head(head(scope), list(scope["headers"]))
    if len(scope.get("query_string", b"")) > MAX_QUERY_BYTES:
        raise InvalidRequest("query", f"at most {MAX_QUERY_BYTES} bytes")
