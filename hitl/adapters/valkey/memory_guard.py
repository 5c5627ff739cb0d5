"""Refuse new cases while the store still has memory for decisions about the existing ones."""

import time
from collections.abc import Callable
from typing import Any

from redis.asyncio import Redis

from hitl.adapters.valkey.client import store_errors
from hitl.errors import StoreUnavailable

FULL_ABOVE = 0.7
"""Share of ``maxmemory``: the rest is for reviews, decisions and votes on what was accepted."""

LOOK_EVERY_S = 1.0


class MemoryGuard:
    """Looks at the store's memory at most once a second."""

    def __init__(self, client: Redis, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._client, self._monotonic = client, monotonic
        self._next_look = monotonic()
        self._used = 0.0

    async def check(self) -> None:
        """Raises StoreUnavailable above FULL_ABOVE of ``maxmemory``; a store without a limit is never full."""
        if self._monotonic() >= self._next_look:
            self._next_look = self._monotonic() + LOOK_EVERY_S
            self._used = await used_share(self._client)
        if self._used > FULL_ABOVE:
            raise StoreUnavailable(f"{self._used:.0%} of its memory is used, new cases wait above {FULL_ABOVE:.0%}")


async def used_share(client: Redis) -> float:
    """Return how full the store is, of its fullest node; 0 without a limit. Raises StoreUnavailable."""
    with store_errors():
        memory = await client.info("memory")
    nodes = [memory] if "used_memory" in memory else list(memory.values())  # a cluster answers by node
    return max(_share(node) for node in nodes)


def _share(memory: dict[str, Any]) -> float:
    limit = memory.get("maxmemory", 0)
    return float(memory["used_memory"] / limit) if limit else 0.0
