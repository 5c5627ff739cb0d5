"""Problem documents (RFC 9457) for errors: a stable type, without input or internals."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NotRequired

from typing_extensions import TypedDict

from hitl.canonical import canonical
from hitl.errors import InvalidInput, MethodNotAllowed, TooManyRequests, Unauthenticated, Unavailable
from serve_app.http.errors import ErrorAnswer, answer_for

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:ray-hitl:problem:"
RETRY_AFTER_S = 1
"""For what is unavailable without saying for how long."""


class ProblemPlace(TypedDict):
    """A part of the body, by its JSON pointer, and what was expected there."""

    pointer: str
    expected: str


class ProblemDocument(TypedDict):
    """A refusal (RFC 9457). ``type`` is `urn:ray-hitl:problem:` and the stable name of the problem, ``instance`` names the
    request, ``timestamp`` is in UTC; ``errors`` come where the body does not fit its schema."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    timestamp: str
    errors: NotRequired[list[ProblemPlace]]


@dataclass(frozen=True, slots=True)
class Problem:
    """An HTTP answer to an error. ``headers`` are lower-case names with their values."""

    status: int
    headers: dict[str, str]
    body: bytes


def problem(error: BaseException, request_id: str, now: float) -> Problem:
    """Return the problem document for ``error``. ``now`` is UTC seconds."""
    row = answer_for(error)
    return Problem(row.status, _headers(row, error, request_id), canonical(_document(row, error, request_id, now)))


def _document(row: ErrorAnswer, error: BaseException, request_id: str, now: float) -> ProblemDocument:
    document: ProblemDocument = {
        "type": TYPE_PREFIX + row.slug,
        "title": row.title,
        "status": row.status,
        "detail": str(error) if row.detail is None else row.detail,
        "instance": f"urn:ray-hitl:request:{request_id}",
        "request_id": request_id,
        "timestamp": datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds"),
    }
    if isinstance(error, InvalidInput):
        document["errors"] = [{"pointer": error.place, "expected": error.expected}]
    return document


def _headers(row: ErrorAnswer, error: BaseException, request_id: str) -> dict[str, str]:
    headers = {"content-type": MEDIA_TYPE, "cache-control": "no-store", "x-request-id": request_id}
    if row.status in (429, 503, 507):
        headers["retry-after"] = str(error.retry_after_s if isinstance(error, Unavailable | TooManyRequests) else RETRY_AFTER_S)
    if isinstance(error, Unauthenticated):
        headers["www-authenticate"] = "Bearer"
    if isinstance(error, MethodNotAllowed):
        headers["allow"] = error.allowed
    return headers
