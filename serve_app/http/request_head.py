"""The head of a request: path, request id and the headers that a route needs, each checked on entry."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.types import Scope

from hitl.errors import InvalidRequest, UnsupportedMediaType
from hitl.trace_context import TraceContext, read_trace_context

MAX_PATH_CHARACTERS = 1024
MAX_HEADERS = 100
MAX_HEADER_BYTES = 32 * 1024
"""Of all names and values together: a browser's cookies, a key and what proxies add take a few kilobytes."""

MAX_KEY_CHARACTERS = 200
REQUEST_ID = re.compile(rb"[A-Za-z0-9._:-]{1,128}")
DIGITS = re.compile(rb"[0-9]{1,18}")
JSON_TYPE = re.compile(rb"application/json(\s*;\s*charset=\"?utf-8\"?)?\s*", re.IGNORECASE)
SINGLE = frozenset({b"authorization", b"content-type", b"content-length", b"content-encoding", b"idempotency-key"})


@dataclass(frozen=True, slots=True)
class RequestHead:
    """``headers`` are lower-case names with their last value; ``request_id`` is the caller's where that is a plain one;
    ``scheme`` is http or https; ``trace`` is the request's span, None where tracing is off."""

    method: str
    path: str
    headers: Mapping[bytes, bytes]
    request_id: str
    trace: TraceContext | None = None
    scheme: str = "http"


def head_of(scope: Scope) -> RequestHead:
    """Return the head of an ASGI request. Looks only; the functions below refuse."""
    headers = dict(scope["headers"])
    given = headers.get(b"x-request-id", b"")
    request_id = given.decode() if REQUEST_ID.fullmatch(given) else str(uuid.uuid4())
    return RequestHead(scope["method"], scope["path"], headers, request_id, scheme=scope.get("scheme", "http"))


def check_head(head: RequestHead, raw: list[tuple[bytes, bytes]]) -> None:
    """Raises InvalidRequest for a path that no route has, for headers without measure, or one twice that may come once."""
    if len(head.path) > MAX_PATH_CHARACTERS or not (head.path.isascii() and head.path.isprintable()):
        raise InvalidRequest("path", f"at most {MAX_PATH_CHARACTERS} printable ASCII characters")
    if len(raw) > MAX_HEADERS or sum(map(len, head.headers)) + sum(map(len, head.headers.values())) > MAX_HEADER_BYTES:
        raise InvalidRequest("headers", f"at most {MAX_HEADERS}, and {MAX_HEADER_BYTES} bytes of them")
    if len(head.headers) != len(raw):
        names = [name for name, _ in raw if name in SINGLE]
        if len(names) != len(set(names)):
            raise InvalidRequest("headers", "each of authorization, content-* and idempotency-key at most once")


def given_trace(head: RequestHead) -> TraceContext | None:
    """Return the trace that the caller is in, or None."""
    value = head.headers.get(b"traceparent")
    if value is None:
        return None
    return read_trace_context(value.decode("latin-1"), head.headers.get(b"tracestate", b"").decode("latin-1"))


def authorization(head: RequestHead) -> str | None:
    """Return the header as text, or None without one."""
    value = head.headers.get(b"authorization")
    return None if value is None else value.decode("latin-1")


def text_headers(head: RequestHead) -> dict[str, str]:
    """Return the headers as text."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers.items()}


def check_json_body(head: RequestHead) -> int | None:
    """Return the declared length of the body, or None. Raises UnsupportedMediaType unless it is plain JSON."""
    if not JSON_TYPE.fullmatch(head.headers.get(b"content-type", b"")):
        raise UnsupportedMediaType("application/json in UTF-8")
    if head.headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise UnsupportedMediaType("application/json without a content encoding")
    return declared_length(head)


def declared_length(head: RequestHead) -> int | None:
    """Return the declared length of the body, or None. Raises InvalidRequest for what is no length."""
    length = head.headers.get(b"content-length")
    if length is None:
        return None
    if not DIGITS.fullmatch(length):
        raise InvalidRequest("content-length", "a number of bytes")
    return int(length)


def idempotency_key(head: RequestHead) -> str:
    """Return the key under which the caller may repeat the request. Raises InvalidRequest without a usable one."""
    text = head.headers.get(b"idempotency-key", b"").decode("latin-1")
    if not 1 <= len(text) <= MAX_KEY_CHARACTERS or not (text.isascii() and text.isprintable()):
        raise InvalidRequest("Idempotency-Key", f"1 to {MAX_KEY_CHARACTERS} printable ASCII characters")
    return text
