"""The index of definitions in Valkey: one hash beside the approval journal."""

from collections.abc import Mapping
from typing import cast

from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import store_errors
from hitl.approval.definitions import DefinitionKey


class ValkeyDefinitions:
    """A hitl.approval.definitions.DefinitionIndex: ``task:generation`` -> the number of the journal's entry."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    async def publish(self, seqs: Mapping[DefinitionKey, int]) -> None:
        if seqs:
            with store_errors():
                await self._client.hset(
                    names.definitions(), mapping={f"{task}:{since}": seq for (task, since), seq in seqs.items()}
                )

    async def published(self) -> dict[DefinitionKey, int]:
        with store_errors():
            stored = cast(dict[bytes, bytes], await self._client.hgetall(names.definitions()))
        return dict(_entry(name.decode(), seq) for name, seq in stored.items())


def _entry(name: str, seq: bytes) -> tuple[DefinitionKey, int]:
    task, generation = name.rsplit(":", 1)
    return (task, int(generation)), int(seq)
