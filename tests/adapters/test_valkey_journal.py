"""The journal in a real store keeps the contract, and what it acknowledged outlives a kill."""

import asyncio
from pathlib import Path

import pytest
from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.errors import ChainBroken, StoreUnavailable
from hitl.journal import Entry
from hitl.journal.verify import verify
from tests.contracts.journal_contract import JournalContract, chain
from tests.valkey_process import ValkeyProcess


class TestValkeyJournal(JournalContract):
    @pytest.fixture
    def journal(self, valkey: Redis) -> ValkeyJournal:
        return ValkeyJournal(valkey, "s")

    @pytest.fixture
    def rival(self, valkey: Redis) -> ValkeyJournal:
        return ValkeyJournal(valkey, "s")

    async def test_an_entry_taken_out_by_hand_is_found(self, journal: ValkeyJournal, valkey: Redis) -> None:
        await journal.append(await journal.open_epoch(), 0, chain(5))
        await valkey.xdel(names.journal("s"), "3-0")
        with pytest.raises(ChainBroken) as broken:
            await verify("s", journal)
        assert broken.value.seq == 3

    async def test_shards_do_not_meet(self, journal: ValkeyJournal, valkey: Redis) -> None:
        other = ValkeyJournal(valkey, "t")
        await journal.append(await journal.open_epoch(), 0, chain(2))
        assert (await other.open_epoch(), await other.read(0, 10)) == (1, [])


async def test_acknowledged_entries_outlive_kills_of_the_store(tmp_path: Path) -> None:
    store = ValkeyProcess(tmp_path)
    store.start()
    client = connect(store.url)
    try:
        journal, entries, acknowledged = ValkeyJournal(client, "s"), chain(20_000), 0
        for _ in range(3):
            acknowledged = await _append_until_killed(journal, store, entries, acknowledged)
            store.start()
            stored = await journal.read(0, 30_000)
            assert stored == entries[: len(stored)]
            assert len(stored) >= acknowledged > 0
            acknowledged = len(stored)
    finally:
        await client.aclose()
        store.kill()


async def _append_until_killed(journal: ValkeyJournal, store: ValkeyProcess, entries: list[Entry], done: int) -> int:
    """The store dies beside appends, some after the first, however fast the machine is."""
    epoch, first = await journal.open_epoch(), done
    async with asyncio.TaskGroup() as killer:
        try:
            while True:
                await journal.append(epoch, done, entries[done : done + 2])
                done += 2
                if done == first + 100:
                    killer.create_task(asyncio.to_thread(store.kill))
        except StoreUnavailable:
            return done
