"""What a command costs less, and what stays of redis-py's promises."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.asyncio.connection import Connection
from redis.exceptions import ConnectionError, ResponseError

from hitl.adapters.valkey import client as store
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.quick_connection import QUICK, QuickConnection, QuickPool, QuickScript

ARGUMENTS: list[tuple[Any, ...]] = [
    ("SET", "key", b"\x00\xff\r\n"),
    ("CONFIG GET", "größe", 0, -17, 2**63),
    ("HSET", "h", 0.1, 1e-07, 3.0),
    ("SET", "long", b"x" * 100_000),
]


@pytest.fixture
async def client(valkey_url: str) -> AsyncIterator[Redis]:
    client = connect(valkey_url)
    yield client
    await client.aclose()


@pytest.mark.parametrize("command", ARGUMENTS)
def test_a_command_has_the_bytes_that_redis_py_gives_it(command: tuple[Any, ...]) -> None:
    packed = QuickConnection().pack_command(*command)
    assert b"".join(packed) == b"".join(Connection().pack_command(*command))


@pytest.mark.parametrize("scheme", ["redis", "rediss", "unix"])
def test_every_kind_of_connection_is_a_quick_one(scheme: str) -> None:
    made = connect(f"{scheme}://127.0.0.1/0").connection_pool.connection_class
    assert made in QUICK.values()


async def test_a_command_that_fits_is_sent_without_a_task(client: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    await client.ping()

    def no_task(*_: Any) -> None:
        raise AssertionError("a task for each command")

    monkeypatch.setattr(asyncio, "wait_for", no_task)
    assert await client.set("a", "1")
    assert await script_of(client)(["a"]) == b"1"


async def test_what_does_not_fit_is_sent_whole(client: Redis) -> None:
    value = b"x" * 5_000_000
    await client.set("a", value)
    assert await client.get("a") == value


async def test_a_script_that_the_store_does_not_know_is_told_to_it(client: Redis) -> None:
    await client.script_flush()
    assert await script_of(client)(["a"]) is None


async def test_an_error_of_a_script_leaves_its_connection_in_order(client: Redis) -> None:
    script = QuickScript(client, "return redis.call('INCR', KEYS[1])")
    await client.set("a", "x")
    with pytest.raises(ResponseError):
        await script(["a"])
    await client.set("a", "1")
    assert await script(["a"]) == 2


async def test_a_connection_that_was_closed_meanwhile_is_opened_again(client: Redis, valkey: Redis) -> None:
    script = script_of(client)
    await script(["a"])
    await valkey.client_kill_filter(_type="normal", skipme=True)
    await asyncio.sleep(0.5)
    assert await script(["a"]) is None


async def test_a_reply_that_never_comes_is_an_error_and_the_next_call_has_its_own(client: Redis, valkey: Redis) -> None:
    script = script_of(client)
    await client.set("a", "old")
    await script(["a"])
    await valkey.client_pause(400)
    client.connection_pool.connection_kwargs["socket_timeout"] = 0.05
    for connection in client.connection_pool._available_connections:
        connection.socket_timeout = 0.05
    with pytest.raises(Exception, match="Timeout"):
        await script(["a"])
    await valkey.client_unpause()
    await client.set("b", "new")
    assert await script(["b"]) == b"new"


async def test_a_free_connection_is_taken_again(client: Redis) -> None:
    for _ in range(10):
        await script_of(client)(["a"])
    assert len(client.connection_pool._available_connections) == 1


async def test_more_callers_than_connections_take_turns(valkey_url: str) -> None:
    client = connect(valkey_url, connections=2)
    script = script_of(client)
    assert await asyncio.gather(*(script(["a"]) for _ in range(50))) == [None] * 50
    pool = client.connection_pool
    assert isinstance(pool, QuickPool)
    assert (len(pool._available_connections), len(pool._in_use_connections)) == (2, 0)
    await client.aclose()


async def test_who_waits_is_refused_in_time(valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "FREE_WITHIN_S", 0.01)
    client = connect(valkey_url, connections=1)
    held = await client.connection_pool.get_connection()
    with pytest.raises(ConnectionError):
        await script_of(client)(["a"])
    await client.connection_pool.release(held)
    assert await script_of(client)(["a"]) is None
    await client.aclose()


def script_of(client: Redis) -> QuickScript:
    """Return one that reads a key."""
    return QuickScript(client, "return redis.call('GET', KEYS[1])")


async def test_a_connection_with_a_reply_that_nobody_read_is_not_handed_out(client: Redis) -> None:
    await client.mset({"a": "mine", "b": "somebody else's"})
    (connection,) = client.connection_pool._available_connections
    await connection.send_packed_command(connection.pack_command("GET", "b"))
    while not await connection.can_read():  # noqa: ASYNC110 - the reply of a caller who left is on its way
        await asyncio.sleep(0.01)
    assert await script_of(client)(["a"]) == b"mine"


async def test_what_the_store_does_not_take_yet_is_waited_for(client: Redis) -> None:
    await client.ping()
    (connection,) = client.connection_pool._available_connections
    waited = list[bool]()
    drain = connection._writer.drain

    async def noted() -> None:
        waited.append(True)
        await drain()

    connection._writer.drain = noted
    await client.set("a", b"x" * 50_000_000)
    assert waited
