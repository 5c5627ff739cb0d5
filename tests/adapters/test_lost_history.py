"""What a broken disk or an old copy does to the store is found, or has done nothing: rows 17, 18 and 19 of the fault matrix."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from hitl.adapters.files.archive import AnchorFile
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.errors import ChainBroken, JournalRegressed
from hitl.machine import Past
from hitl.machine.recovery import recover
from tests.fakes.counter import Add, CounterMachine, envelope
from tests.machine.running import running
from tests.valkey_process import ValkeyProcess

ENTRIES, TIMES = 120, 50
AOF = "appendonlydir/appendonly.aof.1.incr.aof"

pytestmark = pytest.mark.slow


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ValkeyProcess]:
    folder = tmp_path / "store"
    folder.mkdir()
    process = ValkeyProcess(folder)
    process.start()
    yield process
    process.kill()


async def _fill(store: ValkeyProcess, anchor: AnchorFile, count: int) -> None:
    client = connect(store.url)
    async with running(ValkeyJournal(client, "s"), name="s") as shard:
        for number in range(count):
            await shard.submit(envelope(Add(1), f"{shard.epoch}-{number}"))
        await anchor.write(shard.seq, shard.head)
    await client.aclose()


async def _total(store: ValkeyProcess, anchor: AnchorFile | None = None) -> int:
    client = connect(store.url)
    try:
        past = Past(anchor=anchor)
        total: int = (
            await recover(CounterMachine(), "s", ValkeyJournal(client, "s"), lambda seq, commit: None, past)
        ).state.total
        return total
    finally:
        await client.aclose()


def _start_with(store: ValkeyProcess, data: bytes) -> bool:
    """Whether the store takes ``data`` for its history at all."""
    store.kill()
    (store.folder / AOF).write_bytes(data)
    try:
        store.start()
    except AssertionError:
        return False
    return True


async def test_a_torn_end_is_a_prefix_and_never_served_from(store: ValkeyProcess, tmp_path: Path) -> None:
    anchor, random = AnchorFile(str(tmp_path), "s"), Random(17)
    await _fill(store, anchor, ENTRIES)
    store.kill()
    whole = (store.folder / AOF).read_bytes()
    totals = []
    for _ in range(TIMES):
        at = random.randrange(len(whole) // 2, len(whole) - 1)
        assert await asyncio.to_thread(_start_with, store, whole[:at])
        totals.append(await _total(store))
        with pytest.raises(JournalRegressed):
            await _total(store, anchor)
    assert all(ENTRIES // 3 < total < ENTRIES for total in totals)


async def test_a_flipped_bit_is_found_or_changed_nothing(store: ValkeyProcess, tmp_path: Path) -> None:
    anchor, random, found = AnchorFile(str(tmp_path), "s"), Random(18), 0
    await _fill(store, anchor, ENTRIES)
    store.kill()
    whole = (store.folder / AOF).read_bytes()
    for _ in range(TIMES):
        data = bytearray(whole)
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)
        if not await asyncio.to_thread(_start_with, store, bytes(data)):
            found += 1
            continue
        try:
            assert await _total(store, anchor) == ENTRIES
        except (ChainBroken, JournalRegressed):
            found += 1
    assert found > TIMES // 2


async def test_an_older_copy_of_the_store_is_not_served_from(store: ValkeyProcess, tmp_path: Path) -> None:
    anchor, copy = AnchorFile(str(tmp_path), "s"), tmp_path / "copy"
    await _fill(store, anchor, 20)
    store.kill()
    shutil.copytree(store.folder, copy)
    store.start()
    await _fill(store, anchor, 20)
    store.kill()
    shutil.rmtree(store.folder)
    shutil.copytree(copy, store.folder)
    store.start()
    with pytest.raises(JournalRegressed) as lost:
        await _total(store, anchor)
    assert (lost.value.seq, lost.value.found) == (40, 20)
