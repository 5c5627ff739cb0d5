"""Many cases through a store with little memory: what the store holds, and what the archive's process holds, as they come.

``python -m tests.measure.endurance [cases]`` writes ``build/bench/endurance.json``: 200,000 cases by default, through a store of
64 MB, one in a hundred for people who never answer. The cases go through the gateway's adapters and the archiver, without HTTP
and Ray.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import psutil
from redis.asyncio import Redis

from hitl.adapters.valkey.case_archiver import CaseArchiver, archiver_of
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.metrics import ValkeyMetrics
from hitl.adapters.valkey.whole_intake import open_intake
from hitl.intake import IntakeBatch
from hitl.intake.chains import verify_intake
from hitl.intake.leaving import LeavingTerms
from hitl.journal import GENESIS
from hitl.journal.memory import MemoryJournal
from hitl.machine import Envelope, Phase, Shard
from hitl.metrics import Gains
from hitl.review import OpenReview
from hitl.review.state import ReviewState
from tests.contracts.intake_contract import batch, record
from tests.fakes.reviews import machine
from tests.machine.running import until
from tests.valkey_process import ValkeyProcess

REPORT = Path("build/bench/endurance.json")
MEMORY = 64 * 2**20
CASES_SHARE = 0.25
BATCH = 250
SAMPLES = 40
ONE_IN = 100
"""Cases for people: they stay in the store, since nobody answers."""


@dataclass(frozen=True, slots=True)
class EnduranceSample:
    """After ``cases`` cases: bytes of the store, of its stream of cases, and resident ones of this process."""

    cases: int
    store_bytes: int
    stream_bytes: int
    process_bytes: int


@dataclass(frozen=True, slots=True)
class Endurance:
    """``verified`` are the cases that the chains hold at the end; ``first_is_there``: the first case answers."""

    samples: list[EnduranceSample]
    verified: int
    first_is_there: bool


async def endure(cases: int, folder: Path, memory: int = MEMORY) -> Endurance:
    """Raises StoreUnavailable where the store refused a case: it was full."""
    store = ValkeyProcess(folder, f"--maxmemory {memory}")
    await asyncio.to_thread(store.start)
    client, shard = connect(store.url), Shard(machine(), MemoryJournal())
    life = asyncio.create_task(shard.run())
    try:
        await until(lambda: shard.phase is Phase.SERVING)
        return await _endure(cases, client, shard, str(folder / "archive"), int(memory * CASES_SHARE))
    finally:
        life.cancel()
        with suppress(asyncio.CancelledError):
            await life
        await client.aclose()
        store.kill()


async def _endure(cases: int, client: Redis, shard: Shard[ReviewState], uri: str, max_bytes: int) -> Endurance:
    archiver = archiver_of(shard, client, 0, uri, LeavingTerms(max_bytes=max_bytes))
    gateway, samples, appended = open_intake(client, 0, uri), list[EnduranceSample](), 0
    for each in _batches(cases):
        await gateway.append(each)
        appended += len(each.records)
        people = [record for record in each.records if record.is_for_people]
        for seq, one in enumerate(people, appended - len(each.records) + 1):
            await shard.submit(Envelope(OpenReview(one, seq), f"open:{one.case_id}", "f", "intake", "r"))
        await _archive(archiver, client, appended)
        if appended >= cases * (len(samples) + 1) / SAMPLES:
            samples.append(await _sample(client, appended))
    verified, _ = await verify_intake("intake-0", open_intake(client, 0, uri))
    return Endurance(samples, verified, await open_intake(client, 0, uri).find("c0") is not None)


async def _archive(archiver: CaseArchiver, client: Redis, counted_to: int) -> None:
    """The counters have read everything; then whatever is due leaves."""
    metrics = ValkeyMetrics(client)
    await metrics.advance("intake-0", await metrics.cursor("intake-0"), counted_to, Gains(), {})
    while await archiver.step():
        pass


async def _sample(client: Redis, cases: int) -> EnduranceSample:
    used = int((await client.info("memory"))["used_memory"])
    stream = int(await client.memory_usage("hitl:{intake-0}:cases") or 0)
    return EnduranceSample(cases, used, stream, psutil.Process().memory_info().rss)


def _batches(cases: int) -> Iterator[IntakeBatch]:
    """In one gateway's chain; the first of every hundred is for people, and stands first in its batch."""
    head = GENESIS
    for first in range(0, cases, BATCH):
        numbers = range(first, min(first + BATCH, cases))
        people = len(numbers) // ONE_IN or 1
        rows = [record(f"c{number}", "review" if at < people else "automatic") for at, number in enumerate(numbers)]
        made = batch(*(replace(row, at=time.time()) for row in rows), first=first + 1, head=head)
        head = made.links[-1]
        yield made


def main() -> None:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(endure(cases, Path(folder)))
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(asdict(found), indent=1))
    sys.stdout.write(f"{found.verified} cases verified, the first is there: {found.first_is_there}; {REPORT}\n")


if __name__ == "__main__":
    main()
