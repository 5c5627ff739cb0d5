"""The blocking client."""

import time
from typing import Self, TypeVar, cast

import httpx2

from hitl.client.answer_types import BlindCase, CaseDecision
from hitl.client.answers import object_of
from hitl.client.api import DECIDED, Api
from hitl.client.calls import HttpCall, key_header
from hitl.client.errors import ServiceUnreachable
from hitl.client.operations import Blocking
from hitl.client.patience import Patience, is_passing
from hitl.client.trace_headers import TraceHeaders, current_trace_headers

A = TypeVar("A")

LONGEST_WAIT_S = 60.0
"""What the service waits at most in one call."""


class Client(Api[Blocking]):
    """Talks to the service at ``url`` with the API key ``key``. Thread safe. A context manager, or ``close`` it.

    ``transport`` replaces the network (tests); ``trace_headers`` tell the service which trace a request belongs to."""

    def __init__(
        self,
        url: str,
        key: str,
        patience: Patience | None = None,
        transport: httpx2.BaseTransport | None = None,
        trace_headers: TraceHeaders = current_trace_headers,
    ) -> None:
        self._patience, self._trace_headers = patience or Patience(), trace_headers
        self._http = httpx2.Client(base_url=url, headers=key_header(key), transport=transport)

    def send(self, call: HttpCall[A]) -> A:
        """Return the answer to ``call``, repeated while that is useful."""
        deadline, attempt = time.monotonic() + self._patience.total_s, 0
        while True:
            attempt += 1
            try:
                response = self._attempt(call)
                if not is_passing(response.status_code, response.headers):
                    return cast("A", object_of(response))
                why, headers = f"HTTP {response.status_code}", dict(response.headers)
            except httpx2.TransportError as error:
                why, headers = type(error).__name__, {}
            pause_s = self._patience.pause_s(attempt, headers)
            if time.monotonic() + pause_s > deadline:
                raise ServiceUnreachable(call.path, attempt, why)
            time.sleep(pause_s)

    def wait(self, case_id: str, timeout_s: float) -> CaseDecision | BlindCase:
        """Return the case once it is decided, or as it stands after ``timeout_s``."""
        deadline = time.monotonic() + timeout_s
        while True:
            left_s = max(0.0, deadline - time.monotonic())
            case = self.decision(case_id, min(left_s, LONGEST_WAIT_S))
            if case["status"] == DECIDED or time.monotonic() >= deadline:
                return case

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _attempt(self, call: HttpCall[A]) -> httpx2.Response:
        return self._http.request(
            call.method,
            call.path,
            json=call.body,
            content=call.content,
            params=dict(call.query) or None,
            headers={**call.headers, **self._trace_headers()},
            timeout=call.timeout_s,
        )
