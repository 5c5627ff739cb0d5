"""A swap under traffic: no request is dropped, and every answer names the version that made it."""

import asyncio
import itertools
from collections import Counter

import httpx2
import pytest

from tests.running import Running, candidate, deploy, images

pytestmark = pytest.mark.service

SWAPS = 20
PAUSE_S = 0.4
SENDERS = 8


async def test_swaps_under_traffic_drop_nothing(service: Running) -> None:
    first, second = candidate(service, 0.21), candidate(service, 0.22)
    await asyncio.to_thread(deploy, service, first)
    await asyncio.to_thread(deploy, service, second)
    answers, statuses, stop = [], Counter[int](), asyncio.Event()

    async def send(sender: int) -> None:
        """One attempt a case: a client that repeats would hide what was dropped."""
        pictures, key = images(200, start=sender * 20), {"authorization": f"Bearer {service.keys['client']}"}
        async with httpx2.AsyncClient(base_url=service.url, headers=key, timeout=60) as http:
            for number in itertools.takewhile(lambda _: not stop.is_set(), itertools.count()):
                body, name = {"features": pictures[number % 200][0]}, {"idempotency-key": f"swap-{sender}-{number}"}
                response = await http.post("/v1/tasks/digits/decisions", json=body, headers=name)
                statuses[response.status_code] += 1
                answers.append(response.json())

    async with asyncio.TaskGroup() as group:
        for sender in range(SENDERS):
            group.create_task(send(sender))
        async with service.as_async("operator") as operator:
            for turn in range(SWAPS):
                await operator.roll_back("digits", [first, second][turn % 2], "a swap of the test")
                await asyncio.sleep(PAUSE_S)
            history = (await operator.model("digits"))["history"]
        stop.set()
    versions = {change["generation"]: change["versions"][0][0] for change in history}
    assert set(statuses) <= {200, 202}
    assert {answer["model_version"] for answer in answers} == {first, second}
    assert all(answer["model_version"] == versions[answer["generation"]] for answer in answers)
