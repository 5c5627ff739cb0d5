"""Wrap every data key in the store with the current master key, without restoring keys that are erased meanwhile."""

import os
from typing import cast

from redis.asyncio import Redis

from hitl.adapters.valkey.client import script, store_errors
from hitl.sealing import Keyring

PATTERN = "hitl:{*}:wrapped"
PAGE = 1000


async def rewrap_all(client: Redis, ring: Keyring) -> int:
    """Wrap all keys anew and return their number. May be interrupted and repeated. Raises SealBroken, StoreUnavailable."""
    with store_errors():
        hashes = sorted([key.decode() async for key in client.scan_iter(PATTERN)])
        return sum([await _rewrap(client, name, ring) for name in hashes])


async def _rewrap(client: Redis, name: str, ring: Keyring) -> int:
    swap, count, cursor = script(client, "rewrap_key"), 0, 0
    while True:
        cursor, page = cast(tuple[int, dict[bytes, bytes]], await client.hscan(name, cursor, count=PAGE))
        for field, wrapped in page.items():
            if not ring.is_current(wrapped):
                subject = field.decode()
                fresh = ring.wrap(ring.unwrap(wrapped, subject), subject, os.urandom)
                count += int(await swap(keys=[name], args=[subject, wrapped, fresh]))
        if cursor == 0:
            return count
