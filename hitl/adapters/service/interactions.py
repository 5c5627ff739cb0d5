"""Interactions of a workflow step over HTTP, with the identity of the client's key."""

from typing import Any

from hitl.client.asynchronous import AsyncClient
from hitl.client.calls import get, post
from hitl.client.errors import ApiError
from hitl.errors import NotFound

Answered = dict[str, Any]


class HttpInteractions:
    """Raises ApiError for refusals, NotFound where there is no such interaction."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def open(self, pattern: str, config: Answered, data: Answered, pipeline_name: str, step_name: str) -> Answered:
        body = {"pattern": str(pattern), "config": config, "data": data, "pipeline_name": pipeline_name, "step_name": step_name}
        return await self._client.send(post("v1", "interactions", body=body))

    async def get(self, interaction_id: str, wait_s: float = 0.0) -> Answered:
        try:
            return await self._client.send(get("v1", "interactions", interaction_id, wait_s=wait_s, wait=wait_s))
        except ApiError as error:
            if error.status == 404:
                raise NotFound("interaction", interaction_id) from error
            raise

    async def answer(self, interaction_id: str, user_input: Answered) -> Answered:
        return await self._client.send(post("v1", "interactions", interaction_id, "answer", body={"user_input": user_input}))

    async def cancel(self, interaction_id: str, reason: str) -> Answered:
        return await self._client.send(post("v1", "interactions", interaction_id, "cancel", body={"reason": reason}))
