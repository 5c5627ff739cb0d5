"""What the store takes for appends: the wait of one fsync, and the time of a micro-batch by the cases in it."""

import asyncio
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from redis import Redis

from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.intake import IntakeBatch
from hitl.journal import GENESIS, chain_hash
from tests.fakes.reviews import record
from tests.valkey_process import ValkeyProcess

SIZES = (1, 4, 16, 64)
BATCHES = 200
WRITES = 300
VALUE = b"0" * 1500
"""As long as a case is in the store."""

PAYLOAD = b'{"features":' + b"0" * 200 + b',"metadata":{}}'


def measured() -> dict[str, Any]:
    """Microseconds: a write's fsync, and what the script of an append runs without it, ``batch + case * cases``."""
    with tempfile.TemporaryDirectory(prefix="hitl-") as folder:
        store = ValkeyProcess(Path(folder))
        store.start()
        try:
            rows = [{"cases": size, "script_us": round(asyncio.run(_script_us(store.url, size)), 1)} for size in SIZES]
            fsync_us = _write_us(store.url, "always") - _write_us(store.url, "no")
        finally:
            store.kill()
    case_us, batch_us = np.polyfit([row["cases"] for row in rows], [row["script_us"] for row in rows], 1)
    return {
        "fsync_us": round(fsync_us, 1),
        "append_batch_us": round(float(batch_us), 1),
        "append_case_us": round(float(case_us), 1),
        "appends": rows,
    }


def _write_us(url: str, how: str) -> float:
    """Return the median time of one write from a client that waits for each."""
    with Redis.from_url(url) as store:
        store.config_set("appendfsync", how)
        took = list[float]()
        for number in range(WRITES):
            began = time.perf_counter()
            store.set(f"write-{number}", VALUE)
            took.append((time.perf_counter() - began) * 1e6)
    return median(took)


async def _script_us(url: str, size: int) -> float:
    """Return what the store says that the script took, a batch."""
    client = connect(url)
    intake, head = ValkeyIntake(client, 0), GENESIS
    gateway = f"gateway-{size}"
    await client.config_resetstat()
    for batch in range(BATCHES):
        records = [record(f"{size}-{batch}-{i}") for i in range(size)]
        bodies, links = [each.encode() for each in records], list[str]()
        for i, body in enumerate(bodies):
            head = chain_hash(head, batch * size + i + 1, body)
            links.append(head)
        first = batch * size + 1
        await intake.append(IntakeBatch(gateway, {"digits": 0}, records, [PAYLOAD] * size, first, links, bodies))
    told = await client.info("commandstats")
    await client.aclose()
    return float(told["cmdstat_evalsha"]["usec_per_call"])
