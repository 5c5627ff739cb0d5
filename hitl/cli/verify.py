"""All chains of a store: those of the shards' journals and those of the gateways inside each intake partition."""

import asyncio
from dataclasses import dataclass

from redis.asyncio import Redis

from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.canonical import fingerprint
from hitl.intake.chains import verify_intake
from hitl.journal.verify import verify
from serve_app.shards import all_shards


@dataclass(frozen=True, slots=True)
class Verified:
    """A chain that holds. ``head`` is its last hash; for a partition, a digest over the heads of its gateways."""

    chain: str
    entries: int
    head: str


def verify_all(redis_url: str, partitions: int) -> list[Verified]:
    """Every chain of the store, checked link by link. Raises ChainBroken at the first that does not hold."""
    return asyncio.run(_verify_all(redis_url, partitions))


async def _verify_all(redis_url: str, partitions: int) -> list[Verified]:
    client = connect(redis_url)
    try:
        journals = [await _journal(client, shard) for shard in all_shards(partitions)]
        return journals + [await _intake(client, partition) for partition in range(partitions)]
    finally:
        await client.aclose()


async def _journal(client: Redis, shard: str) -> Verified:
    entries, head = await verify(shard, ValkeyJournal(client, shard))
    return Verified(f"journal of {shard}", entries, head)


async def _intake(client: Redis, partition: int) -> Verified:
    entries, heads = await verify_intake(f"intake-{partition}", ValkeyIntake(client, partition))
    return Verified(f"intake partition {partition} ({len(heads)} gateways)", entries, fingerprint(heads))
