"""A swap under traffic: no request is dropped, and every answer names the version that made it."""

import asyncio

import pytest

from tests.running import Running, candidate, deploy, images

pytestmark = pytest.mark.service

SWAPS = 6
SENDERS = 8


async def test_swaps_under_traffic_drop_nothing(service: Running) -> None:
    first, second = candidate(service, 0.21), candidate(service, 0.22)
    await asyncio.to_thread(deploy, service, first)
    await asyncio.to_thread(deploy, service, second)
    answers, stop = [], asyncio.Event()

    async def send(sender: int) -> None:
        async with service.as_async("client") as client:
            for number, (features, _) in enumerate(images(200, start=sender * 20) * 20):
                if stop.is_set():
                    return
                answers.append(await client.decide("digits", features, key=f"swap-{sender}-{number}"))

    async with asyncio.TaskGroup() as group:
        for sender in range(SENDERS):
            group.create_task(send(sender))
        async with service.as_async("operator") as operator:
            for turn in range(SWAPS):
                await operator.roll_back("digits", [first, second][turn % 2], "a swap of the test")
                await asyncio.sleep(0.5)
            history = (await operator.model("digits"))["history"]
        stop.set()
    versions = {change["generation"]: change["versions"][0][0] for change in history}
    assert {answer["model_version"] for answer in answers} == {first, second}
    assert all(answer["model_version"] == versions[answer["generation"]] for answer in answers)
