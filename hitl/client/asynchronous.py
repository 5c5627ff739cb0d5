"""The asynchronous client."""

import asyncio
import time
from typing import Self, TypeVar, cast

import httpx2

from hitl.client.answer_types import BlindCase, CaseDecision
from hitl.client.answers import object_of
from hitl.client.api import DECIDED, Api
from hitl.client.calls import HttpCall, key_header
from hitl.client.errors import ServiceUnreachable
from hitl.client.operations import Awaiting
from hitl.client.patience import Patience, is_passing
from hitl.client.synchronous import LONGEST_WAIT_S
from hitl.client.trace_headers import TraceHeaders, current_trace_headers

A = TypeVar("A")

CONNECTIONS = 256


class AsyncClient(Api[Awaiting]):
    """Talks to the service at ``url`` with the API key ``key``, from one event loop. ``transport`` replaces the network;
    ``trace_headers`` tell the service which trace a request belongs to."""

    def __init__(
        self,
        url: str,
        key: str,
        patience: Patience | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        trace_headers: TraceHeaders = current_trace_headers,
    ) -> None:
        self._patience, self._trace_headers = patience or Patience(), trace_headers
        limits = httpx2.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
        self._http = httpx2.AsyncClient(base_url=url, headers=key_header(key), transport=transport, limits=limits)

    async def send(self, call: HttpCall[A]) -> A:
        """Return the answer to ``call``, repeated while that is useful."""
        deadline, attempt = time.monotonic() + self._patience.total_s, 0
        while True:
            attempt += 1
            try:
                response = await self._attempt(call)
                if not is_passing(response.status_code, response.headers):
                    return cast("A", object_of(response))
                why, headers = f"HTTP {response.status_code}", dict(response.headers)
            except httpx2.TransportError as error:
                why, headers = type(error).__name__, {}
            pause_s = self._patience.pause_s(attempt, headers)
            if time.monotonic() + pause_s > deadline:
                raise ServiceUnreachable(call.path, attempt, why)
            await asyncio.sleep(pause_s)

    async def wait(self, case_id: str, timeout_s: float) -> CaseDecision | BlindCase:
        """Return the case once it is decided, or as it stands after ``timeout_s``."""
        deadline = time.monotonic() + timeout_s
        while True:
            left_s = max(0.0, deadline - time.monotonic())
            case = await self.decision(case_id, min(left_s, LONGEST_WAIT_S))
            if case["status"] == DECIDED or time.monotonic() >= deadline:
                return case

    async def close(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _attempt(self, call: HttpCall[A]) -> httpx2.Response:
        return await self._http.request(
            call.method,
            call.path,
            json=call.body,
            content=call.content,
            params=dict(call.query) or None,
            headers={**call.headers, **self._trace_headers()},
            timeout=call.timeout_s,
        )
