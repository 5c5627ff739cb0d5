"""Read request bodies within their limits, and write answers with their headers."""

from starlette.types import Receive, Send

from hitl.errors import RequestTimeout
from serve_app.decisions.case_writer import Kept
from serve_app.http.answers import decision_url, http_status, render
from serve_app.http.first_step import within
from serve_app.http.parse import read_body

Headers = list[tuple[bytes, bytes]]
Reply = tuple[int, Headers, bytes]

PLAIN_HEADERS: Headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]


BODY_TIMEOUT_S = 20.0
"""A body that takes longer is not coming: the connection must not be held for it."""


async def body_of(receive: Receive, limit_bytes: int, declared: int | None) -> bytes:
    """Return the whole body. Raises BodyTooLarge, RequestTimeout; ClientGone."""
    try:
        return await within(BODY_TIMEOUT_S, lambda: read_body(receive, limit_bytes, declared))
    except TimeoutError as error:
        raise RequestTimeout(BODY_TIMEOUT_S) from error


def told(kept: Kept) -> Reply:
    """Return the answer to a case that is stored."""
    status = http_status(kept.record)
    headers = PLAIN_HEADERS if status == 200 else [*PLAIN_HEADERS, (b"location", decision_url(kept.record.case_id).encode())]
    return status, headers, render(kept.record, kept.payload)


async def reply_with(send: Send, reply: Reply, request_id: str | None, with_body: bool = True) -> None:
    """Send ``reply``, with ``request_id`` on it unless that is None; an answer to HEAD goes without its body."""
    status, headers, body = reply
    headers = [*headers, (b"content-length", b"%d" % len(body))]
    if request_id is not None:
        headers.append((b"x-request-id", request_id.encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body if with_body else b""})
