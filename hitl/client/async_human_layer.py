"""Ask a person for approval from a coroutine. As hitl.client.human_layer, with one address."""

import time
from collections.abc import Callable
from typing import Any, Self

from hitl.client.asynchronous import AsyncClient
from hitl.client.calls import HttpCall, get, new_key, post
from hitl.client.environment import ClientSettings
from hitl.client.human_layer import WAIT_S, response_of
from hitl.client.human_layer_types import ApprovalStatus, HumanApprovalRequest, HumanApprovalResponse


class AsyncHumanLayer:
    """Raises ApiError for refusals and ServiceUnreachable where nobody answers: that is never an approval."""

    def __init__(self, client: AsyncClient, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._client, self._monotonic = client, monotonic

    @classmethod
    def from_environment(cls) -> Self:
        """HITL_API_URL (HUMAN_LAYER_BASE_URL) and HITL_API_KEY (HUMAN_LAYER_API_KEY)."""
        settings = ClientSettings()
        return cls(AsyncClient(settings.api_url, settings.api_key))

    async def request_approval(self, request: HumanApprovalRequest, wait_s: float | None = None) -> HumanApprovalResponse:
        """Ask, and wait until it is decided, has expired, or ``wait_s`` is over (None: however long it takes)."""
        call: HttpCall[dict[str, Any]] = post("v1", "approvals", body=request.body(), key=request.id or new_key())
        approval_id = str((await self._client.send(call))["approval_id"])
        deadline = float("inf") if wait_s is None else self._monotonic() + wait_s
        while True:
            left_s = max(0.0, deadline - self._monotonic())
            found = await self._look(approval_id, min(left_s, WAIT_S))
            if not found.is_pending or self._monotonic() >= deadline:
                return response_of(found)

    async def _look(self, approval_id: str, wait_s: float) -> ApprovalStatus:
        look: HttpCall[dict[str, Any]] = get("v1", "approvals", approval_id, wait_s=wait_s, wait=wait_s)
        answer = await self._client.send(look)
        found = answer["approval"]
        return ApprovalStatus(approval_id, found["status"], found["choice"], found["expires_at"], found["tally"], found)
