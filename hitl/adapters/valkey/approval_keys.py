"""Wrapped data keys of approvals in Valkey, beside those of cases, so that a key rotation finds both."""

from typing import cast

from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import store_errors


class ValkeyDataKeys:
    """A hitl.sealing.DataKeys."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    async def keep(self, subject: str, wrapped: bytes) -> bytes:
        with store_errors():
            async with self._client.pipeline(transaction=True) as pipe:
                # The first key wins, and each caller gets that one: two writers must not seal one subject with two keys.
                pipe.hsetnx(names.approval_keys(), subject, cast(str, wrapped))
                pipe.hget(names.approval_keys(), subject)
                return cast(bytes, (await pipe.execute())[1])

    async def find(self, subject: str) -> bytes | None:
        with store_errors():
            return cast(bytes | None, await self._client.hget(names.approval_keys(), subject))

    async def drop(self, subject: str) -> None:
        with store_errors():
            await self._client.hdel(names.approval_keys(), subject)
