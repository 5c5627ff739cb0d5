"""A FastAPI route that authenticates before it reads anything, and parses bodies strictly."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from hitl.errors import RequestTimeout
from serve_app.api.services.callers import counted_caller_of
from serve_app.http.asgi import check_request, head
from serve_app.http.parse import ClientGone, parse_json, read_body
from serve_app.http.request_head import check_json_body

MAX_BODY_BYTES = 1024 * 1024
"""The largest that is asked for is an approval's evidence."""


BODY_TIMEOUT_S = 20.0
"""A body that takes longer is not coming."""

CLIENT_CLOSED_REQUEST = 499
"""For the log alone: nobody reads the answer."""


class StrictRequest(Request):
    """A request whose body is read and parsed already, so that the framework's own lenient parser never sees it."""

    parsed: Any = None
    raw: bytes = b""

    async def load(self, required: bool) -> None:
        """Raises UnsupportedMediaType, BodyTooLarge, MalformedBody or InvalidInput. One that is not ``required`` may be empty."""
        found = head(self.scope)
        declared = check_json_body(found) if required or b"content-type" in found.headers else None
        try:
            async with asyncio.timeout(BODY_TIMEOUT_S):
                self.raw = await read_body(self.receive, MAX_BODY_BYTES, declared)
        except TimeoutError as error:
            raise RequestTimeout(BODY_TIMEOUT_S) from error
        if self.raw or required:
            check_json_body(found)
            self.parsed = parse_json(self.raw)

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
            request.state.principal = await counted_caller_of(request)
            if self.body_field is None:
                return await handle(request)
            strict = StrictRequest(request.scope, request.receive)
            try:
                await strict.load(self.body_field.field_info.is_required())
            except ClientGone:
                return Response(status_code=CLIENT_CLOSED_REQUEST)
            return await handle(strict)

        return authenticated
