"""Recoveries that wait for their entry in the journal, in Valkey."""

import json
from dataclasses import asdict
from typing import cast

from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import store_errors
from hitl.identity.recoveries import Recovery


class ValkeyRecoveries:
    """A hitl.identity.recoveries.RecoveryStore."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    async def ask(self, recovery_id: str, recovery: Recovery) -> None:
        with store_errors():
            await self._client.hset(names.identity_recoveries(), recovery_id, json.dumps(asdict(recovery)))

    async def waiting(self) -> dict[str, Recovery]:
        with store_errors():
            found = cast(dict[bytes, bytes], await self._client.hgetall(names.identity_recoveries()))
        return {name.decode(): _recovery(json.loads(text)) for name, text in found.items()}

    async def drop(self, recovery_id: str) -> bool:
        with store_errors():
            return bool(await self._client.hdel(names.identity_recoveries(), recovery_id))


def _recovery(plain: dict[str, object]) -> Recovery:
    roles = plain["roles"]
    assert isinstance(roles, list)
    return Recovery(str(plain["account"]), tuple(map(str, roles)), str(plain["by"]), str(plain["reason"]))
