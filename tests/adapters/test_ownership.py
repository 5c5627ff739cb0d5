"""One cluster owns the store at a time: the newest that is whole, and whoever is left when an owner falls silent."""

import asyncio

import pytest
from redis.asyncio import Redis

from hitl.adapters.valkey.ownership import ValkeyOwnership
from hitl.machine.ownership import Standing

OWNS, YIELDS, WAITS = Standing.OWNS, Standing.YIELDS, Standing.WAITS
SHORT_S = 0.05


def cluster(valkey: Redis, name: str, counts_s: float = 60.0) -> ValkeyOwnership:
    return ValkeyOwnership(valkey, name, counts_s)


async def test_the_first_owns_at_once_and_keeps_its_place(valkey: Redis) -> None:
    old = cluster(valkey, "old")
    assert [await old.hold(False), await old.hold(True), await old.is_mine()] == [OWNS, OWNS, True]


async def test_a_newer_one_waits_until_it_is_whole_and_the_older_one_has_made_way(valkey: Redis) -> None:
    old, new = cluster(valkey, "old"), cluster(valkey, "new")
    assert [await old.hold(True), await new.hold(False), await old.hold(True)] == [OWNS, WAITS, OWNS]
    assert [await new.hold(True), await old.hold(True)] == [WAITS, YIELDS]
    assert (await old.is_mine(), await new.is_mine()) == (True, False)
    await old.release()
    assert [await old.hold(True), await new.hold(True)] == [WAITS, OWNS]
    assert (await old.is_mine(), await new.is_mine()) == (False, True)


async def test_an_older_one_never_asks_a_newer_one_for_its_place(valkey: Redis) -> None:
    old, new = cluster(valkey, "old"), cluster(valkey, "new")
    await old.hold(False)
    await new.hold(True)
    await old.release()
    await new.hold(True)
    assert [await old.hold(True), await new.hold(True)] == [WAITS, OWNS]


async def test_the_newest_of_several_that_ask_gets_the_place(valkey: Redis) -> None:
    old, new, newest = (cluster(valkey, name) for name in ("old", "new", "newest"))
    for each in (old, new, newest):
        await each.hold(False)
    await new.hold(True)
    await newest.hold(True)
    await new.hold(True)
    await old.release()
    assert [await new.hold(True), await newest.hold(True)] == [WAITS, OWNS]


async def test_an_owner_that_falls_silent_loses_its_place_to_whoever_is_there(valkey: Redis) -> None:
    old, new = cluster(valkey, "old", SHORT_S), cluster(valkey, "new", SHORT_S)
    await old.hold(False)
    await new.hold(True)
    await old.release()
    assert await new.hold(True) is OWNS
    await asyncio.sleep(2 * SHORT_S)
    assert [await old.hold(False), await new.hold(False)] == [OWNS, WAITS]


async def test_who_asked_and_fell_silent_keeps_nobody_away(valkey: Redis) -> None:
    old, new = cluster(valkey, "old"), cluster(valkey, "new", SHORT_S)
    await old.hold(False)
    await new.hold(True)
    await old.release()
    await asyncio.sleep(2 * SHORT_S)
    assert await old.hold(False) is OWNS


async def test_only_the_owner_can_give_the_place_up(valkey: Redis) -> None:
    old, new = cluster(valkey, "old"), cluster(valkey, "new")
    await old.hold(False)
    await new.release()
    assert await old.is_mine()


@pytest.mark.parametrize("looks", [1, 20])
async def test_a_cluster_counts_once_however_often_it_looks(valkey: Redis, looks: int) -> None:
    first = cluster(valkey, "first")
    for _ in range(looks):
        await first.hold(False)
    assert await valkey.hget("hitl:{identity}:ownership", "clusters") == b"1"
