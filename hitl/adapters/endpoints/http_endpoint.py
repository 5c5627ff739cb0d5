"""Call a remote model over HTTP: bounded in time, in bytes and in money, and never redirected."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx2

from hitl.adapters.endpoints.spending import EndpointSpending
from hitl.adapters.endpoints.terms import EndpointTerms
from hitl.errors import InvalidConfig
from hitl.inference.remote.ports import EndpointCall, EndpointFailed

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Refusals that may pass: worth another attempt."""

FIRST_PAUSE_S = 0.2
"""Before the second attempt; doubled before each further one."""


class _Passing(Exception):
    """An attempt failed in a way that another one may not; ``why`` in words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class HttpEndpoint:
    """A hitl.inference.remote.ports.Endpoint. Answers are never logged: they are about people's cases."""

    def __init__(self, name: str, terms: EndpointTerms, wall: Callable[[], float] = time.time) -> None:
        self._name, self._terms, self._spending = name, terms, EndpointSpending(terms.budget, wall)
        transport = httpx2.HTTPTransport(trust_env=False, retries=0, limits=httpx2.Limits(max_connections=terms.at_once))
        self._client = httpx2.Client(transport=transport, follow_redirects=False, trust_env=False, headers=_headers(name, terms))

    @property
    def at_once(self) -> int:
        return self._terms.at_once

    @property
    def within_s(self) -> float:
        return self._terms.within_s

    @property
    def canary_s(self) -> float:
        return self._terms.canary_s

    def charge(self, tokens: int) -> None:
        self._spending.add_tokens(tokens)

    def call(self, call: EndpointCall, until: float) -> bytes:
        pause, why = FIRST_PAUSE_S, "no time was left"
        for attempt in range(self._terms.attempts):
            if attempt and time.monotonic() + pause < until:
                time.sleep(pause)
                pause *= 2
            if time.monotonic() >= until:
                break
            if (spent := self._spending.take_call()) is not None:
                raise EndpointFailed(self._name, spent)
            try:
                return self._attempt(call, until)
            except _Passing as error:
                why = error.why
        raise EndpointFailed(self._name, why)

    def _attempt(self, call: EndpointCall, until: float) -> bytes:
        left = max(0.001, until - time.monotonic())
        try:
            with self._client.stream("POST", self._terms.url + call.path, content=call.body, timeout=left) as answer:
                self._judge(answer.status_code)
                return self._read(answer, until)
        except httpx2.TimeoutException as error:
            raise _Passing(f"no answer within {self._terms.within_s:g} s") from error
        except httpx2.HTTPError as error:
            raise _Passing(type(error).__name__) from error

    def _judge(self, status: int) -> None:
        if status in PASSING:
            raise _Passing(f"it answered {status}")
        if status != 200:
            redirected = ", and redirects are not followed" if 300 <= status < 400 else ""
            raise EndpointFailed(self._name, f"it answered {status}{redirected}")

    def _read(self, answer: httpx2.Response, until: float) -> bytes:
        """Raises EndpointFailed for an answer that is too long, or that drips in beyond the time."""
        parts, size = list[bytes](), 0
        for part in answer.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > self._terms.max_answer_bytes:
                raise EndpointFailed(self._name, f"an answer of more than {self._terms.max_answer_bytes} bytes")
            if time.monotonic() > until:
                raise EndpointFailed(self._name, f"no whole answer within {self._terms.within_s:g} s")
        return b"".join(parts)


def open_endpoints(terms: Mapping[str, EndpointTerms]) -> dict[str, HttpEndpoint]:
    """Return the endpoints by name. Raises InvalidConfig for a secret that cannot be read."""
    return {name: HttpEndpoint(name, each) for name, each in terms.items()}


def _headers(name: str, terms: EndpointTerms) -> dict[str, str]:
    shown = {"content-type": "application/json", "accept": "application/json", "user-agent": "ray-hitl"}
    return shown if terms.secret_file is None else {**shown, "authorization": f"Bearer {_secret(name, terms.secret_file)}"}


def _secret(name: str, path: Path) -> str:
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise InvalidConfig(f"endpoints.{name}", "secret_file", str(error)) from error
    if not secret or not secret.isascii() or not secret.isprintable():
        raise InvalidConfig(f"endpoints.{name}", "secret_file", "expected one line of printable characters")
    return secret
