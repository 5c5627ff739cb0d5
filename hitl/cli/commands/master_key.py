"""Rotate the master key: wrap every data key with the new one while the service runs, then drop the old one."""

import asyncio
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.rewrapping import rewrap_all
from hitl.cli.local.place import write_private
from hitl.sealing import Keyring, parse_masters
from hitl.sealing.keyring import KEY_BYTES

SETTLE_S = 2.0
"""A case that was sealed with the old key just before the change has been stored by then."""


def rotate_file(redis_url: str, path: Path, archive_uri: str, sleep: Callable[[float], None] = time.sleep) -> int:
    """Put a new master key in ``path`` in place of the old one; how many data keys it wraps now. When it is interrupted, both
    keys stand in the file, and another rotation goes on from there. Raises InvalidConfig."""
    old = parse_masters(path.read_text(), str(path))
    fresh = secrets.token_bytes(KEY_BYTES)
    _write(path, [fresh, *old])
    count = rewrap(redis_url, Keyring([fresh, *old]), archive_uri)
    sleep(SETTLE_S)
    count += rewrap(redis_url, Keyring([fresh, *old]), archive_uri)
    _write(path, [fresh])
    return count


def rewrap(redis_url: str, ring: Keyring, archive_uri: str) -> int:
    """Wrap every data key, in the store and in the archive, with the first key of ``ring``; how many were not."""

    async def run() -> int:
        client = connect(redis_url)
        try:
            return await rewrap_all(client, ring, archive_uri)
        finally:
            await client.aclose()

    return asyncio.run(run())


def _write(path: Path, masters: list[bytes]) -> None:
    write_private(path, ",".join(master.hex() for master in masters))
