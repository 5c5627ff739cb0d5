"""Wrap every data key with the current master key, without restoring keys that are erased meanwhile."""

import os
from functools import partial
from typing import cast

from redis.asyncio import Redis

from hitl.adapters.valkey.archived_keys import open_keys
from hitl.adapters.valkey.client import script, store_errors
from hitl.adapters.valkey.store_copy import tag_of
from hitl.sealing import Keyring

PATTERN, KEY_FILES = "hitl:{*}:wrapped", "hitl:{intake-*}:key-files"
PAGE = 1000


async def rewrap_all(client: Redis, ring: Keyring, archive_uri: str) -> int:
    """Wrap all keys anew, those in the files of the archive too, and return their number. May be interrupted and repeated.
    Raises SealBroken, StoreUnavailable."""
    with store_errors():
        hashes = sorted([key.decode() async for key in client.scan_iter(PATTERN)])
        count = sum([await _rewrap(client, name, ring) for name in hashes])
        listed = sorted([key.decode() async for key in client.scan_iter(KEY_FILES)])
    # After the store: a key that moved to a file meanwhile is found there.
    partitions = [int(tag_of(name).removeprefix("intake-")) for name in listed]
    return count + sum([await open_keys(client, each, archive_uri).rewrap(partial(_fresh, ring)) for each in partitions])


def _fresh(ring: Keyring, subject: str, wrapped: bytes) -> bytes:
    return wrapped if ring.is_current(wrapped) else ring.wrap(ring.unwrap(wrapped, subject), subject, os.urandom)


async def _rewrap(client: Redis, name: str, ring: Keyring) -> int:
    swap, count, cursor = script(client, "rewrap_key"), 0, 0
    while True:
        cursor, page = cast(tuple[int, dict[bytes, bytes]], await client.hscan(name, cursor, count=PAGE))
        for field, wrapped in page.items():
            if not ring.is_current(wrapped):
                subject = field.decode()
                count += int(await swap(keys=[name], args=[subject, wrapped, _fresh(ring, subject, wrapped)]))
        if cursor == 0:
            return count
