"""A FastAPI route that authenticates before it reads anything, and parses bodies strictly."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from hitl.errors import RequestTimeout
from hitl.identity import Principal
from serve_app.api.services.callers import counted_caller_of
from serve_app.api.services.context import ApiPorts, ports_of
from serve_app.http.asgi import check_request, head
from serve_app.http.parse import ClientGone, parse_json, read_body
from serve_app.http.request_head import check_json_body

MAX_VALUES = 20_000
"""JSON values in one body: each costs a shard and the journal as much as many letters of a text."""

CountBytes = Callable[[int], Awaitable[None]]

BODY_TIMEOUT_S = 20.0
"""A body that takes longer is not coming."""

CLIENT_CLOSED_REQUEST = 499
"""For the log alone: nobody reads the answer."""


WAIT = "wait"
"""The query parameter of every long poll."""

Handle = Callable[[Request], Coroutine[Any, Any, Response]]


class StrictRequest(Request):
    """A request whose body is read and parsed already, so that the framework's own lenient parser never sees it."""

    parsed: Any = None
    raw: bytes = b""

    async def load(self, required: bool, limit_bytes: int, count: CountBytes) -> None:
        """Raises UnsupportedMediaType, BodyTooLarge, MalformedBody or InvalidInput. One that is not ``required`` may be empty.
        ``count`` gets its length before it is parsed."""
        found = head(self.scope)
        declared = check_json_body(found) if required or b"content-type" in found.headers else None
        try:
            async with asyncio.timeout(BODY_TIMEOUT_S):
                self.raw = await read_body(self.receive, limit_bytes, declared)
        except TimeoutError as error:
            raise RequestTimeout(BODY_TIMEOUT_S) from error
        await count(len(self.raw))
        if self.raw or required:
            check_json_body(found)
            self.parsed = parse_json(self.raw, MAX_VALUES)

    async def body(self) -> bytes:
        return self.raw

    async def json(self) -> Any:
        return self.parsed


class StrictRoute(APIRoute):
    """Every route but the health checks."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def authenticated(request: Request) -> Response:
            check_request(request.scope)
            who = request.state.principal = await counted_caller_of(request)
            if self.body_field is None:
                return await self._held(request, who, handle)
            strict = StrictRequest(request.scope, request.receive)
            ports = ports_of(request)
            try:
                await strict.load(self.body_field.field_info.is_required(), ports.body_bytes, partial(_count_bytes, ports, who))
            except ClientGone:
                return Response(status_code=CLIENT_CLOSED_REQUEST)
            return await self._held(strict, who, handle)

        return authenticated

    async def _held(self, request: Request, who: Principal, handle: Handle) -> Response:
        """A request that may wait is one of those that its account holds open. Raises TooManyRequests."""
        if WAIT not in request.query_params:
            return await handle(request)
        with request.app.state.feed.held.place(who.id):
            return await handle(request)


async def _count_bytes(ports: ApiPorts, who: Principal, count: int) -> None:
    if ports.limits is not None:
        await ports.limits.check_bytes(who, count)
