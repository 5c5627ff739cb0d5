"""Far more requests than the service can answer: it answers what it can, says "later" to the rest, and does not grow."""

import json
import subprocess
import time
from dataclasses import replace

import pytest

from tests.faults.product import Product, patience, product_of, resident
from tests.flood import Flood, Tide, ended, start
from tests.running import Running, candidate, deploy, images

pytestmark = [pytest.mark.slow, pytest.mark.service]

WHOLE_WITHIN_S = 300.0
"""What waits in its queues is answered first."""

WARM_S, LONG_S = 30.0, 60.0
"""Buffers and caches fill with what was done, and the machine may do other things beside."""
ALONE, CONNECTIONS, PIPELINED = 64, 1_500, 4
"""64 connections with one request each already use all of it; these have 6,000 on the wire, beside whole batches."""

BATCHES, ROWS = 60, 200
GROWTH = 1.25
"""Of a process after its warm-up: buffers of six thousand connections came to 1.10, a queue without a bound would double it."""
DECISIONS = "/v1/tasks/digits/decisions"


@pytest.fixture
def product(service: Running) -> Product:
    deploy(service, candidate(service, 0.51))
    return product_of(service, 1)


def flood_of(product: Product, run: str) -> Flood:
    """Cases that the model is sure of: what is kept for people is work, and grows with it."""
    with product.service.as_("client") as client:
        rows = [{"features": features} for features, _ in images(100)]
        sure = [row for row in rows if client.decide("digits", row["features"])["status"] == "decided"]
    return Flood(product.url, DECISIONS, product.service.keys["client"], sure, run, LONG_S, CONNECTIONS, PIPELINED)


def sizes(product: Product) -> dict[int, int]:
    """Resident bytes of each gateway, review replica and shard."""
    return {pid: resident(pid) for part in ("gateway", "review", "shard") for pid in product.pids(part)}


def grown(product: Product, floods: list["subprocess.Popen[str]"]) -> dict[int, float]:
    """How much larger each process was at most than after the first seconds, until the floods end."""
    time.sleep(WARM_S)
    warm = most = sizes(product)
    while any(flood.poll() is None for flood in floods):
        most = {pid: max(most[pid], size) for pid, size in sizes(product).items() if pid in most}
        time.sleep(1.0)
    assert most.keys() == warm.keys(), "a process was replaced"
    return {pid: most[pid] / warm[pid] for pid in warm}


def test_ten_times_the_load_is_answered_or_refused_and_memory_stays_flat(product: Product) -> None:
    flood = flood_of(product, "alone")
    alone = ended(start(replace(flood, seconds=5.0, connections=ALONE, pipelined=1)))
    many = {"cases": flood.bodies[:1] * ROWS}
    floods = [start(replace(flood, run="flood")), start(batches_of(flood, many)), start(claims_of(product))]
    growth = grown(product, floods)
    tides = [ended(process) for process in floods]
    print(json.dumps({"alone_per_s": alone.answered / 5, "growth": growth, "tides": [vars(tide) for tide in tides]}))  # noqa: T201
    claims = tides.pop()
    assert all(is_answered_or_refused(tide) for tide in tides), tides
    assert is_answered_or_refused(claims, "409"), claims
    assert all("may hold 100" in other for other in claims.other), claims
    assert max(growth.values()) < GROWTH, growth
    assert any(product.is_whole() for _ in patience(WHOLE_WITHIN_S))


def batches_of(flood: Flood, many: dict[str, object]) -> Flood:
    path = f"{DECISIONS}:batch"
    return replace(flood, path=path, bodies=[many], run="batches", connections=BATCHES, pipelined=1)


def claims_of(product: Product) -> Flood:
    path = "/v1/queues/digits/claim"
    return Flood(product.url, path, product.service.keys["ada"], [{}], "claims", LONG_S, ALONE)


def is_answered_or_refused(tide: Tide, full: str = "202") -> bool:
    """Every answer is a success, or says when to come back, or has the status ``full`` of somebody who holds all that one person
    may; nobody was cut off."""
    succeeded = tide.statuses["200"] + sum(tide.statuses[each] for each in {"202", full})
    return succeeded > 0 and succeeded + tide.refused == tide.answered and tide.told_when == tide.refused and not tide.cut
