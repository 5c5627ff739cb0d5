"""The training job's calls to the service, with its own key."""

from collections.abc import Iterator
from typing import Any

import httpx2

from hitl.errors import NotFound, StoreUnavailable

PAGE = 500
"""Examples a request."""
ATTEMPTS = 6
"""Tries of one call; with the doubling wait from half a second, about 16 s in all."""
PASSING = frozenset({429, 502, 503, 504})


class Api:
    """Calls are repeated with the same idempotency key while the service is away; then StoreUnavailable. ``sleep`` is
    time.sleep, or a test's own."""

    def __init__(self, client: httpx2.Client, sleep: Any) -> None:
        self._client, self._sleep = client, sleep

    def examples(self, task: str) -> Iterator[dict[str, Any]]:
        """Every decided case that training may learn from, in the service's order."""
        query: dict[str, str | int] = {"task": task, "limit": PAGE}
        while True:
            page = self._call("GET", "/v1/examples", params=query)
            yield from page["examples"]
            if len(page["examples"]) < PAGE:
                return
            query["after"] = page["next"]

    def champion(self, task: str) -> str | None:
        """The digest that serves the largest share of the task; None when nothing serves yet."""
        try:
            versions = (self._call("GET", f"/v1/models/{task}").get("serving") or {}).get("versions") or []
        except NotFound:
            return None
        return max(versions, key=lambda version: float(version[1]))[0] if versions else None

    def request_approval(self, body: dict[str, Any], key: str) -> dict[str, Any]:
        """Open the approval, or find the one that ``key`` opened before."""
        return self._call("POST", "/v1/approvals", json=body, headers={"Idempotency-Key": key})

    def _call(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        why = ""
        for attempt in range(ATTEMPTS):
            try:
                response = self._client.request(method, path, **request)
            except httpx2.TransportError as error:
                why = str(error)
            else:
                if response.status_code not in PASSING:
                    return _answer(response, path)
                why = f"status {response.status_code}"
            self._sleep(0.5 * 2**attempt)
        raise StoreUnavailable(f"{method} {path}: {why}")


def _answer(response: httpx2.Response, path: str) -> dict[str, Any]:
    """Raises NotFound for a 404, httpx2.HTTPStatusError with the problem's text for another refusal."""
    if response.status_code == 404:
        raise NotFound("route or object", path)
    if response.is_error:
        text = f"{path}: {response.status_code}: {response.text[:500]}"
        raise httpx2.HTTPStatusError(text, request=response.request, response=response)
    answer: dict[str, Any] = response.json()
    return answer
