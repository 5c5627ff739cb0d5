"""Parse stream rows with ids ``<seq>-0``, as a client without decoding returns them."""

from typing import cast

from redis.asyncio import Redis

from hitl.adapters.valkey.client import store_errors

Row = tuple[bytes, dict[bytes, bytes]]
"""The id and the fields of an entry."""


def seq_of(row: Row) -> int:
    return int(row[0].partition(b"-")[0])


async def rows_after(client: Redis, stream: str, after_seq: int, limit: int) -> list[Row]:
    """Return up to ``limit`` rows of ``stream`` with seq > ``after_seq``, in order. Raises StoreUnavailable."""
    with store_errors():
        return cast(list[Row], await client.xrange(stream, f"({after_seq}-0", "+", count=limit))


def row_of(entry: tuple[bytes, list[bytes]]) -> Row:
    """Return an entry as a script returns it: its id, and its fields one behind the other."""
    stream_id, flat = entry
    return stream_id, dict(zip(flat[::2], flat[1::2], strict=True))
