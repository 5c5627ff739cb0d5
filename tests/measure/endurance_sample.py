"""What is looked at while cases come."""

from dataclasses import dataclass

import psutil
from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.machine.shards import review_shard


@dataclass(frozen=True, slots=True)
class EnduranceSample:
    """After ``cases`` cases and ``answers``: bytes that the store uses, what cases and the journal of reviews take of them,
    and what this process has for itself (USS)."""

    cases: int
    answers: int
    store_bytes: int
    stream_bytes: int
    journal_bytes: int
    process_bytes: int


async def sampled(client: Redis, cases: int, answers: int) -> EnduranceSample:
    """Look now."""
    return EnduranceSample(
        cases,
        answers,
        int((await client.info("memory"))["used_memory"]),
        int(await client.memory_usage(names.cases(0)) or 0),
        int(await client.memory_usage(names.journal(review_shard(0))) or 0),
        int(psutil.Process().memory_full_info().uss),
    )
