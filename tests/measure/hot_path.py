"""``python -m tests.measure.hot_path``: what the gateway's own part of a decision costs, in one process without HTTP and store.

Prints microseconds of CPU a request, and by part what a profile says of them (its own cost included: read the shares).
"""

import asyncio
import cProfile
import itertools
import json
import pstats
import time
from collections import Counter
from collections.abc import MutableMapping
from typing import Any

import torch
from rich.console import Console
from rich.table import Table

from hitl.inference import Mlp, TorchMlp
from hitl.intake import Appended, IntakeBatch
from tests.gateway.service import FIRST, Service
from tests.measure.command_line import no_options
from tests.measure.report import write
from tests.running import images, task_spec

REQUESTS, CALLERS = 10_000, 64
PARTS = {
    "serve_app/http/authentication": "who asks",
    "serve_app/http/request_head": "head of the request",
    "serve_app/http/parse": "strict parse",
    "serve_app/http/plain_numbers": "strict parse",
    "hitl/tasks": "schema",
    "hitl/canonical": "canonical bytes",
    "serve_app/http/answers": "answer",
    "hitl/routing": "route, coins",
    "torch": "model",
    "hitl/inference": "model",
    "hitl/intake": "record",
    "case_writer": "record",
    "batcher": "micro-batch",
    "asyncio": "event loop",
    "serve_app/decisions": "gateway",
    "ray/": "metrics",
}


class NoIntake:
    """Takes every batch at once: the store's time is not the gateway's."""

    appends = 0

    async def append(self, batch: IntakeBatch) -> Appended:
        await asyncio.sleep(0)
        return Appended(list(range(len(batch.records))))


async def measured() -> tuple[float, dict[str, float]]:
    """CPU microseconds a request without a profiler, and each part's share with one."""
    torch.set_num_threads(1)
    spec = task_spec("digits")
    service = Service(tasks={"digits": spec, "loans": task_spec("digits")}, intakes=[NoIntake()])
    service.model = TorchMlp(tuple(spec.labels), Mlp(spec.width, 64, len(spec.labels)), {})  # type: ignore[assignment]
    await service.deploy((FIRST, 1.0), task="loans")
    await service.gateway.models.refresh()
    await _drive(service, "warm", 1000)
    begun = time.process_time()
    await _drive(service, "plain", REQUESTS)
    cost_us = (time.process_time() - begun) / REQUESTS * 1e6
    with cProfile.Profile() as profile:
        await _drive(service, "profiled", REQUESTS)
    return round(cost_us, 1), _shares(profile)


async def _drive(service: Service, run: str, count: int) -> None:
    rows = [json.dumps({"features": features}).encode() for features, _ in images(500)]
    turn, statuses = itertools.count(), Counter[int]()

    async def call() -> None:
        for n in itertools.takewhile(lambda n: n < count, turn):
            await asyncio.create_task(_request(service, rows[n % len(rows)], f"{run}-{n}", statuses))

    await asyncio.gather(*(call() for _ in range(CALLERS)))
    assert set(statuses) <= {200, 202}, statuses


async def _request(service: Service, body: bytes, key: str, statuses: Counter[int]) -> None:
    headers = {"authorization": f"Bearer {service.key}", "content-type": "application/json", "idempotency-key": key}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()] + [(b"content-length", b"%d" % len(body))]
    scope = {"type": "http", "method": "POST", "path": "/v1/tasks/loans/decisions", "headers": raw}

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: MutableMapping[str, Any]) -> None:
        if "status" in message:
            statuses[message["status"]] += 1

    await service.gateway(scope, receive, send)


def _shares(profile: cProfile.Profile) -> dict[str, float]:
    """Own time by part; what C does on behalf of a part counts for the part that called it."""
    spent: Counter[str] = Counter()
    for (file, _, _), (_, _, own, _, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        if file == "~":
            for (caller, _, _), (_, _, mine, _) in callers.items():
                spent[_part(caller)] += mine
        else:
            spent[_part(file)] += own
    total = sum(spent.values())
    return {part: round(share / total, 3) for part, share in spent.most_common()}


def _part(file: str) -> str:
    return next((part for mark, part in PARTS.items() if mark in file), "other libraries")


def main() -> None:
    no_options(__doc__)
    cost_us, shares = asyncio.run(measured())
    table = Table("part", "share", title=f"{cost_us} µs of CPU a request")
    for part, share in shares.items():
        table.add_row(part, f"{share:.3f}")
    Console().print(table)
    write("hot_path", {"cpu_us_a_request": cost_us, "shares": shares})


if __name__ == "__main__":
    main()
