"""Cases for people a second, durable, beside bare pipelined appends of as many bytes to the same store."""

import asyncio
import gc
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from redis.asyncio import Redis

from hitl.adapters.ray.process_memory import tune_garbage_collection
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.intake import IntakeBatch
from hitl.journal import GENESIS, chain_hash
from hitl.machine import Envelope, Shard
from hitl.machine.shard import Phase
from hitl.review import OpenReview, ReviewMachine
from hitl.review.views.told import OpenedReview
from tests.fakes.reviews import record, spec
from tests.valkey_process import ValkeyProcess

ENTRIES, BATCH, ROUNDS = 8192, 64, 3
PAYLOAD = b'{"features":' + b"0" * 200 + b',"metadata":{}}'


def measured() -> list[dict[str, Any]]:
    """Medians of rounds that take turns; ``ratio`` is over the bare appends. Garbage is collected as in the processes of the
    gateway and of a shard, for all ways alike."""
    with tempfile.TemporaryDirectory() as folder, _spared():
        store = ValkeyProcess(Path(folder))
        store.start()
        try:
            return asyncio.run(_rounds(store.url))
        finally:
            store.kill()


@contextmanager
def _spared() -> Iterator[None]:
    before = gc.get_threshold()
    tune_garbage_collection()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


async def _rounds(url: str) -> list[dict[str, Any]]:
    ways: dict[str, Callable[[Redis, int], Awaitable[float]]] = {"xadd": _bare, "intake": _intake, "review shard": _shard}
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(ROUNDS):
        for name, way in ways.items():
            client = connect(url)
            speeds[name].append(ENTRIES / await way(client, turn))
            await client.aclose()
    middle = {name: median(values) for name, values in speeds.items()}
    return [
        {"way": name, "entries_per_s": round(speed), "ratio": round(speed / middle["xadd"], 3)} for name, speed in middle.items()
    ]


async def _bare(client: Redis, turn: int) -> float:
    """Seconds for pipelines of BATCH appends of a record and its payload."""
    body, start = record("c").encode() + PAYLOAD, time.perf_counter()
    for _ in range(ENTRIES // BATCH):
        pipeline = client.pipeline(transaction=False)
        for _ in range(BATCH):
            pipeline.xadd(f"bare-{turn}", {"b": body})
        await pipeline.execute()
    return time.perf_counter() - start


async def _intake(client: Redis, turn: int) -> float:
    """Seconds for fenced, chained, idempotent micro-batches: how a case reaches people before its client hears of it."""
    intake, head, start = ValkeyIntake(client, 0), GENESIS, time.perf_counter()
    for batch in range(ENTRIES // BATCH):
        records = [record(f"{turn}-{batch}-{i}") for i in range(BATCH)]
        bodies, links = [each.encode() for each in records], []
        for i, body in enumerate(bodies):
            head = chain_hash(head, batch * BATCH + i + 1, body)
            links.append(head)
        first = batch * BATCH + 1
        await intake.append(IntakeBatch(f"gateway-{turn}", {"digits": 0}, records, [PAYLOAD] * BATCH, first, links, bodies))
    return time.perf_counter() - start


async def _shard(client: Redis, turn: int) -> float:
    """Seconds for the review shard to open as many reviews: decide, append in groups, publish."""
    shard = Shard(ReviewMachine({"digits": spec()}, 3600.0), ValkeyJournal(client, f"bench-{turn}"))
    life = asyncio.create_task(shard.run())
    while shard.phase is Phase.RECOVERING:  # noqa: ASYNC110 - nobody else waits for it
        await asyncio.sleep(0.001)
    start = time.perf_counter()
    for first in range(0, ENTRIES, 256):
        await asyncio.gather(*[shard.enqueue(_opening(turn, first + i)) for i in range(256)])
    took_s = time.perf_counter() - start
    life.cancel()
    await asyncio.wait([life])
    return took_s


def _opening(turn: int, position: int) -> Envelope[OpenedReview]:
    case = record(f"{turn}-{position}")
    return Envelope(OpenReview(case, position + 1), f"open:{case.case_id}", case.body_digest, "intake", case.request_id)
