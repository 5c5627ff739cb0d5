"""What tells reconcilers that something was appended, over a real store."""

import asyncio

from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.activity import AWAY_S, QUIET_AFTER_S, Activity, streams_of
from hitl.adapters.valkey.client import connect
from tests.free_ports import free_port

WITHIN_S = 20.0


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def quiet(activity: Activity, clock: Clock) -> None:
    """Let it look once at every stream, and time pass until nothing moved for long."""
    async with asyncio.timeout(WITHIN_S):
        while not activity.is_quiet:
            clock.now += 1.0
            await asyncio.sleep(0.05)


async def test_each_stream_wakes_who_waits(valkey: Redis) -> None:
    clock, streams = Clock(), streams_of(["approval", "review-0"], 2)
    assert len(streams) == 5
    activity = Activity(valkey, streams, clock)
    task = asyncio.create_task(activity.run())
    for stream in streams:
        await quiet(activity, clock)
        waiting = asyncio.create_task(activity.wait(WITHIN_S))
        await asyncio.sleep(0)
        await valkey.xadd(stream, {"b": "something"}, id="1-0")
        async with asyncio.timeout(WITHIN_S / 2):
            await waiting
        assert not activity.is_quiet
    task.cancel()


async def until_it_moves(activity: Activity) -> None:
    async with asyncio.timeout(WITHIN_S):
        while activity.is_quiet:
            await activity.wait(0.01)


async def test_what_is_appended_in_the_pause_after_another_is_noticed(valkey: Redis) -> None:
    clock, stream = Clock(), names.journal("approval")
    activity = Activity(valkey, [stream], clock)
    task = asyncio.create_task(activity.run())
    await quiet(activity, clock)
    await valkey.xadd(stream, {"b": "first"}, id="1-0")
    await until_it_moves(activity)
    await valkey.xadd(stream, {"b": "second"}, id="2-0")
    clock.now += QUIET_AFTER_S + 1
    await until_it_moves(activity)
    task.cancel()


async def test_a_part_is_woken_by_its_own_streams_alone(valkey: Redis) -> None:
    clock, approvals, cases = Clock(), names.journal("approval"), names.cases(0)
    activity = Activity(valkey, [approvals, cases], clock)
    part = activity.part([approvals])
    task = asyncio.create_task(activity.run())
    await quiet(activity, clock)
    await valkey.xadd(cases, {"b": "a case"}, id="1-0")
    await until_it_moves(activity)
    assert part.is_quiet
    waiting = asyncio.create_task(part.wait(WITHIN_S))
    await valkey.xadd(approvals, {"b": "a vote"}, id="1-0")
    async with asyncio.timeout(WITHIN_S / 2):
        await waiting
    assert not part.is_quiet
    task.cancel()


async def test_nothing_is_noticed_where_nothing_is_appended(valkey: Redis) -> None:
    clock = Clock()
    activity = Activity(valkey, [names.journal("approval")], clock)
    task = asyncio.create_task(activity.run())
    await quiet(activity, clock)
    await activity.wait(0.3)
    assert activity.is_quiet
    task.cancel()


async def test_a_store_that_is_away_is_not_quiet() -> None:
    clock, client = Clock(), connect(f"redis://127.0.0.1:{free_port()}/0")
    activity = Activity(client, [names.journal("approval")], clock)
    task = asyncio.create_task(activity.run())
    clock.now += QUIET_AFTER_S + 1
    await activity.wait(AWAY_S * 3)
    assert not activity.is_quiet
    task.cancel()
    await client.aclose()
