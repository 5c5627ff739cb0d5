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


async def rows_at(client: Redis, stream: str, seqs: list[int]) -> list[Row]:
    """Return the rows of ``stream`` at ``seqs``, without those that are not there. Raises StoreUnavailable."""
    if not seqs:
        return []
    pipeline = client.pipeline(transaction=False)
    for seq in seqs:
        pipeline.xrange(stream, f"{seq}-0", f"{seq}-0")
    with store_errors():
        pages = cast(list[list[Row]], await pipeline.execute())
    return [row for page in pages for row in page]
