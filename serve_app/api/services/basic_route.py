"""FastAPI routes for callers that can send a name and a password alone: the password is a key of ours."""

import base64
import binascii
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response

from serve_app.api.services.strict_route import StrictRoute

SCHEME = "basic "


class BasicRoute(StrictRoute):
    """As every route, once the password stands where a key stands. The name is not looked at."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def by_key(request: Request) -> Response:
            given = request.headers.get("authorization", "")
            if given[: len(SCHEME)].lower() != SCHEME:
                return await handle(request)
            bearer = (b"authorization", f"Bearer {password_of(given[len(SCHEME) :])}".encode())
            others = [pair for pair in request.scope["headers"] if pair[0] != b"authorization"]
            return await handle(Request({**request.scope, "headers": [*others, bearer]}, request.receive))

        return by_key


def password_of(credentials: str) -> str:
    """Return the password in ``base64(name ":" password)``; empty for anything else.

    >>> password_of("bmFtZTpzZWNyZXQ=")
    'secret'
    """
    try:
        return base64.b64decode(credentials.strip(), validate=True).decode("ascii").partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""
