"""Partitions are fixed by the first start and added by a later one: whole, once, and past any crash."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.partitions import pin_partitions, stored_partitions
from hitl.adapters.valkey.serving import ValkeyServing
from hitl.adapters.valkey.whole_intake import open_intakes
from hitl.crashpoints import ARMED
from hitl.errors import InvalidConfig, PartitionsAdded, StoreUnavailable
from hitl.partitioning import Partitioning
from tests.contracts.intake_contract import POINTER, batch, record

GROWN = Partitioning((2, 4))
POINTS = [f"partitions.{each}" for each in ("before_record", "after_record", "after_fence", "after_fences")]

KILLED = """
import os, signal, sys
from hitl.adapters.valkey.partitions import pin_partitions
from hitl.crashpoints import ARMED
ARMED[sys.argv[2]] = lambda: os.kill(os.getpid(), signal.SIGKILL)
pin_partitions(sys.argv[1], 4)
"""


class Crash(Exception):
    """The process ends here."""


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    yield
    ARMED.clear()


def crash() -> None:
    raise Crash


async def test_the_first_start_fixes_the_number(valkey_url: str) -> None:
    assert pin_partitions(valkey_url, 2) == pin_partitions(valkey_url, 2) == Partitioning((2,))


async def test_a_later_start_adds_partitions_and_remembers_those_before(valkey: Redis, valkey_url: str) -> None:
    pin_partitions(valkey_url, 2)
    assert pin_partitions(valkey_url, 4, lambda: 7.5) == pin_partitions(valkey_url, 4) == GROWN
    assert pin_partitions(valkey_url, 8, lambda: 8.5) == Partitioning((2, 4, 8)) == stored_partitions(valkey_url, 1)
    assert await valkey.get(names.identity_partitions()) == (
        b'[{"partitions": 2}, {"partitions": 4, "at": 7.5}, {"partitions": 8, "at": 8.5}]'
    )


def test_partitions_are_not_taken_away(valkey_url: str) -> None:
    pin_partitions(valkey_url, 4)
    with pytest.raises(InvalidConfig, match="the store has 4, and partitions cannot be taken away; came 3"):
        pin_partitions(valkey_url, 3)
    assert stored_partitions(valkey_url, 1) == Partitioning((4,))


def test_a_store_that_was_never_started_has_what_the_settings_say(valkey_url: str) -> None:
    assert stored_partitions(valkey_url, 3) == Partitioning((3,))


async def test_a_writer_of_before_stores_nothing_any_more(valkey: Redis, valkey_url: str) -> None:
    pin_partitions(valkey_url, 2)
    before = [ValkeyIntake(valkey, each) for each in range(2)]
    await before[0].append(batch(record("a")))
    pin_partitions(valkey_url, 4)
    for intake in before:
        with pytest.raises(PartitionsAdded):
            await intake.append(batch(record("b"), gateway="h"))
        assert await intake.find("b") is None
    assert await before[0].find("a") is not None


async def test_a_writer_of_now_stores_in_all_of_them(valkey: Redis, valkey_url: str, tmp_path: Path) -> None:
    pin_partitions(valkey_url, 2)
    for number, intake in enumerate(open_intakes(valkey, pin_partitions(valkey_url, 4), str(tmp_path))):
        assert (await intake.append(batch(record(f"c{number}")))).seqs == [1]


async def test_new_partitions_know_at_once_what_serves(valkey: Redis, valkey_url: str, tmp_path: Path) -> None:
    pin_partitions(valkey_url, 2)
    await ValkeyServing(valkey, 2).publish("digits", POINTER)
    intakes = open_intakes(valkey, pin_partitions(valkey_url, 4), str(tmp_path))
    assert (await intakes[3].append(batch(record("a"), generation=POINTER.generation))).seqs == [1]


async def test_a_newer_pointer_of_a_new_partition_stays(valkey: Redis, valkey_url: str) -> None:
    pin_partitions(valkey_url, 1)
    await ValkeyServing(valkey, 1).publish("digits", POINTER)
    pin_partitions(valkey_url, 2)
    await valkey.hset(names.serving(1), "digits", "newer")
    pin_partitions(valkey_url, 2)
    assert await valkey.hget(names.serving(1), "digits") == b"newer"


@pytest.mark.parametrize("point", POINTS)
async def test_a_start_after_a_crash_completes_the_change(valkey: Redis, valkey_url: str, tmp_path: Path, point: str) -> None:
    pin_partitions(valkey_url, 2)
    ARMED[point] = crash
    with pytest.raises(Crash):
        pin_partitions(valkey_url, 4)
    assert stored_partitions(valkey_url, 1) == (Partitioning((2,)) if point == "partitions.before_record" else GROWN)
    ARMED.clear()
    intakes = open_intakes(valkey, pin_partitions(valkey_url, 4), str(tmp_path))
    assert [(await intake.append(batch(record("a")))).seqs for intake in intakes] == [[1]] * 4


@pytest.mark.parametrize("point", POINTS)
async def test_a_start_after_a_killed_one_completes_the_change(
    valkey: Redis, valkey_url: str, tmp_path: Path, point: str
) -> None:
    pin_partitions(valkey_url, 2)
    killed = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", KILLED, valkey_url, point], check=False)
    assert killed.returncode == -signal.SIGKILL
    intakes = open_intakes(valkey, pin_partitions(valkey_url, 4), str(tmp_path))
    assert [(await intake.append(batch(record("a")))).seqs for intake in intakes] == [[1]] * 4
    with pytest.raises(PartitionsAdded):
        await ValkeyIntake(valkey, 1).append(batch(record("b")))


async def test_partitions_that_were_told_in_part_are_told_by_the_next_start(valkey: Redis, valkey_url: str) -> None:
    pin_partitions(valkey_url, 2)
    pin_partitions(valkey_url, 4)
    await valkey.hdel(names.border(1), "added")
    pin_partitions(valkey_url, 4)
    with pytest.raises(PartitionsAdded):
        await ValkeyIntake(valkey, 1).append(batch(record("a")))


async def test_starts_at_the_same_time_make_one_change(valkey_url: str) -> None:
    pin_partitions(valkey_url, 2)
    found = await asyncio.gather(*(asyncio.to_thread(pin_partitions, valkey_url, 4) for _ in range(4)))
    assert found == [GROWN] * 4
    assert stored_partitions(valkey_url, 1) == GROWN


async def test_a_note_that_is_older_than_its_partitions_stops_the_start(valkey: Redis, valkey_url: str) -> None:
    for partitions in (2, 3, 4):
        pin_partitions(valkey_url, partitions)
    await valkey.set(names.identity_partitions(), '[{"partitions": 2}, {"partitions": 4, "at": 1}]')
    with pytest.raises(InvalidConfig, match="knows that partitions were added 2 times, the store 1 times"):
        pin_partitions(valkey_url, 4)


async def test_a_note_that_knows_of_no_change_stops_the_start_of_a_store_that_grew(valkey: Redis, valkey_url: str) -> None:
    for partitions in (1, 2):
        pin_partitions(valkey_url, partitions)
    await valkey.delete(names.identity_partitions())
    with pytest.raises(InvalidConfig, match="knows that partitions were added 1 times, the store 0 times"):
        pin_partitions(valkey_url, 2)


def test_a_store_that_is_away_tells_nothing_of_its_partitions() -> None:
    with pytest.raises(StoreUnavailable):
        stored_partitions("redis://127.0.0.1:1/0", 1)
