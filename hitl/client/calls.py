"""Requests as data: one ``HttpCall`` for each request, with the key that makes a repetition harmless."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import quote

A = TypeVar("A")

BYTES = "application/octet-stream"
ANSWER_TIMEOUT_S = 30.0
"""How long one attempt may take, beyond what the call itself asks the service to wait."""


@dataclass(frozen=True, slots=True)
class HttpCall(Generic[A]):
    """A request whose answer is the JSON that ``A`` describes.

    ``content`` are bytes that are sent as they are, in place of ``body``; ``key`` is its idempotency key; ``wait_s`` what the
    service was asked to wait before it answers."""

    method: str
    path: str
    body: Mapping[str, object] | None = None
    query: Mapping[str, str | int | float] = field(default_factory=dict)
    key: str | None = None
    wait_s: float = 0.0
    content: bytes | None = None

    @property
    def timeout_s(self) -> float:
        return ANSWER_TIMEOUT_S + self.wait_s

    @property
    def headers(self) -> dict[str, str]:
        key = {} if self.key is None else {"Idempotency-Key": self.key}
        return key if self.content is None else {**key, "Content-Type": BYTES}


def key_header(key: str) -> dict[str, str]:
    """The header of an API key, without the line end that a file has behind it. Raises ValueError for what is no key.

    >>> key_header("hitl_a_b\\r\\n")
    {'Authorization': 'Bearer hitl_a_b'}
    """
    text = key.strip().removeprefix("\ufeff")
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("the API key is empty or has characters that no key has: give the text of one key")
    return {"Authorization": f"Bearer {text}"}


def get(*parts: str, wait_s: float = 0.0, **query: str | int | float | None) -> HttpCall[A]:
    """Return a read of the path of ``parts``; a query value of None is left out."""
    return HttpCall("GET", path_of(*parts), query={k: v for k, v in query.items() if v is not None}, wait_s=wait_s)


def post(*parts: str, body: Mapping[str, object], key: str | None = None) -> HttpCall[A]:
    """Describe a change, under ``key`` or a new one."""
    return HttpCall("POST", path_of(*parts), body=body, key=key or new_key())


def put(*parts: str, body: Mapping[str, object]) -> HttpCall[A]:
    """Describe what is to stand there: doing it twice is doing it once."""
    return HttpCall("PUT", path_of(*parts), body=body)


def delete(*parts: str) -> HttpCall[A]:
    """Describe what is to be taken away: doing it twice is doing it once."""
    return HttpCall("DELETE", path_of(*parts))


def put_bytes(*parts: str, content: bytes, wait_s: float = 0.0, **query: str) -> HttpCall[A]:
    """Describe the upload of a file."""
    return HttpCall("PUT", path_of(*parts), query=query, wait_s=wait_s, content=content)


def new_key() -> str:
    """Return an idempotency key that nobody used before."""
    return secrets.token_hex(16)


def path_of(*parts: str) -> str:
    """Return the path with each part as one segment, whatever characters it has.

    >>> path_of("v1", "tasks", "a/b")
    '/v1/tasks/a%2Fb'
    """
    return "/" + "/".join(quote(part, safe="") for part in parts)
