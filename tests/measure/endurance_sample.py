"""What is looked at while cases come."""

from dataclasses import dataclass
from pathlib import Path

import psutil
from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.machine.shards import review_shard

SMAPS = Path("/proc/self/smaps_rollup")


@dataclass(frozen=True, slots=True)
class EnduranceSample:
    """After ``cases`` cases and ``answers``: bytes that the store uses, what cases and the journal of reviews take of them,
    what this process has for itself (USS), and of that the pages of files, which the system takes back when it needs them."""

    cases: int
    answers: int
    store_bytes: int
    stream_bytes: int
    journal_bytes: int
    process_bytes: int
    mapped_bytes: int


async def sampled(client: Redis, cases: int, answers: int) -> EnduranceSample:
    """Look now."""
    return EnduranceSample(
        cases,
        answers,
        int((await client.info("memory"))["used_memory"]),
        int(await client.memory_usage(names.cases(0)) or 0),
        int(await client.memory_usage(names.journal(review_shard(0)), samples=0) or 0),  # of all entries: their sizes differ
        int(psutil.Process().memory_full_info().uss),
        _mapped(),
    )


def _mapped() -> int:
    """Return the bytes of this process's private pages that are as their files are (proc(5))."""
    lines = (line.split() for line in SMAPS.read_text().splitlines())
    return next(int(line[1]) * 1024 for line in lines if line[0] == "Private_Clean:")
