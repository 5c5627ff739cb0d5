"""The place of the cluster that owns the store, in the store itself."""

from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import script, store_errors
from hitl.machine.ownership import Standing

COUNTS_S = 5.0
"""An owner that says nothing for this long has lost its place: ten looks of its keeper, and half of what a takeover may take."""

REMEMBERED_S = 86_400.0
"""How long a cluster that is silent keeps its age; afterwards it would count as new."""


class ValkeyOwnership:
    """A hitl.machine.ownership.Ownership of ``cluster``."""

    def __init__(self, client: Redis, cluster: str, counts_s: float = COUNTS_S) -> None:
        self._client, self._cluster, self._counts_s = client, cluster, counts_s
        self._hold, self._release = script(client, "hold_ownership"), script(client, "release_ownership")

    async def hold(self, is_whole: bool) -> Standing:
        keys = [names.identity_ownership(), names.identity_cluster(self._cluster)]
        args: list[str | int] = [self._cluster, int(self._counts_s * 1000), int(is_whole), int(REMEMBERED_S * 1000)]
        with store_errors():
            standing = await self._hold(keys=keys, args=args)
        return Standing(standing.decode())

    async def release(self) -> None:
        with store_errors():
            await self._release(keys=[names.identity_ownership()], args=[self._cluster])

    async def is_mine(self) -> bool:
        with store_errors():
            owner = await self._client.hget(names.identity_ownership(), "owner")
        return owner == self._cluster.encode()
