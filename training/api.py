"""The training job's calls to the service: the product's own client, with its patience."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from hitl.client import ApiError, Client
from hitl.client.calls import get, post
from hitl.client.patience import Patience

PAGE = 500
"""Examples a request."""

PATIENCE = Patience(total_s=120.0)
"""A run of minutes must not be lost to a service that restarts."""


class TrainingApi:
    """Calls are repeated with the same idempotency key while the service is away; then ServiceUnreachable."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def examples(self, task: str) -> Iterator[dict[str, Any]]:
        """Every decided case that training may learn from, in the service's order."""
        after: str | None = None
        while True:
            page = self._client.send(get("v1", "examples", task=task, limit=PAGE, after=after))
            yield from page["examples"]
            if len(page["examples"]) < PAGE:
                return
            after = page["next"]

    def champion(self, task: str) -> str | None:
        """The digest that serves the largest share of the task; None when nothing serves yet."""
        try:
            versions = (self._client.send(get("v1", "models", task)).get("serving") or {}).get("versions") or []
        except ApiError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise
        return max(versions, key=lambda version: float(version[1]))[0] if versions else None

    def request_approval(self, body: dict[str, Any], key: str) -> dict[str, Any]:
        """Open the approval, or find the one that ``key`` opened before."""
        return self._client.send(post("v1", "approvals", body=body, key=key))
