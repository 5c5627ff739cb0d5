"""The outermost layer of the review application: a request id on every request, and no path that only confuses what is behind."""

import re
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from hitl.errors import InvalidRequest, UnsupportedMediaType

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_TARGET_BYTES = 8192
"""Path and query together."""

REQUEST_ID = re.compile(rb"[A-Za-z0-9._:-]{1,128}")
IDEMPOTENCY_KEY = re.compile(rb"[\x21-\x7e]{1,200}")
CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffd]")


class Edge:
    """Pure ASGI: gives the scope a request id and puts it on the answer; marks targets that are too long or not text, so that
    the first route to look refuses them as a problem document."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message.get("headers", ()) if pair[0] != b"x-request-id"]
                message = {**message, "headers": [*kept, (b"x-request-id", request_id.encode())]}
            await send(message)

        await self._app(scope, receive, send_with_id)


def request_id_of(scope: Scope) -> str:
    request_id: str = scope["state"]["request_id"]
    return request_id


def check_target(scope: Scope) -> None:
    """Raises InvalidRequest for a target longer than MAX_TARGET_BYTES or a path that is not printable text."""
    if len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"") > MAX_TARGET_BYTES:
        raise InvalidRequest("path", f"at most {MAX_TARGET_BYTES} bytes of path and query")
    if CONTROL.search(scope["path"]):
        raise InvalidRequest("path", "printable text in UTF-8")


def idempotency_key(scope: Scope, *, needed: bool = False) -> str | None:
    """The request's Idempotency-Key, or None. Raises InvalidRequest for a wrong one, or for none where one is ``needed``."""
    value = _header(scope, b"idempotency-key")
    if value is None and not needed:
        return None
    if value is None or not IDEMPOTENCY_KEY.fullmatch(value):
        raise InvalidRequest("header Idempotency-Key", "1 to 200 printable ASCII characters without spaces")
    return value.decode()


def declared_bytes(scope: Scope) -> int | None:
    """The Content-Length, or None without one."""
    value = _header(scope, b"content-length")
    return int(value) if value is not None and value.isdigit() else None


def require_json(scope: Scope) -> None:
    """Raises UnsupportedMediaType unless the body says that it is plain, uncompressed JSON."""
    media = (_header(scope, b"content-type") or b"").split(b";")[0].strip().lower()
    if media != b"application/json" or (_header(scope, b"content-encoding") or b"identity") != b"identity":
        raise UnsupportedMediaType("application/json without content encoding")


def _header(scope: Scope, name: bytes) -> bytes | None:
    return next((value for key, value in scope["headers"] if key == name), None)


def _request_id(scope: Scope) -> str:
    value = _header(scope, b"x-request-id")
    return value.decode() if value is not None and REQUEST_ID.fullmatch(value) else uuid.uuid4().hex
