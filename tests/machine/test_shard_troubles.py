"""Lost replies, failing stores and rival writers: nothing acknowledged is lost, nothing happens twice."""

import asyncio

import pytest

from hitl.errors import ChainBroken, Fenced, JournalRegressed, Recovering, StoreUnavailable
from hitl.journal.memory import MemoryJournal
from hitl.machine import Phase, Shard
from tests.fakes.counter import Add, CounterMachine, Total, envelope
from tests.fakes.journals import TroubledJournal
from tests.machine.running import running, until


async def test_an_append_whose_reply_was_lost_has_happened_once() -> None:
    journal = TroubledJournal()
    async with running(journal) as shard:
        journal.lose_replies = 1
        assert await shard.submit(envelope(Add(5), "1")) == {"total": 5}
        assert await shard.submit(envelope(Add(5), "1")) == {"total": 5}
        assert len(await journal.read(0, 10)) == shard.seq == 1


async def test_a_lost_reply_is_looked_for_until_the_store_can_be_read() -> None:
    journal = TroubledJournal()
    async with running(journal) as shard:
        journal.lose_replies, journal.fail_reads = 1, 2
        assert await shard.submit(envelope(Add(5), "1")) == {"total": 5}
        assert shard.seq == 1


async def test_a_failed_append_leaves_no_trace_and_may_be_repeated() -> None:
    journal = TroubledJournal()
    async with running(journal) as shard:
        journal.fail_appends = 1
        with pytest.raises(StoreUnavailable):
            await shard.submit(envelope(Add(5), "1"))
        await until(lambda: shard.phase is Phase.SERVING)
        assert (await shard.ask(Total()))["total"] == 0
        assert await shard.submit(envelope(Add(5), "1")) == {"total": 5}


async def test_who_waits_behind_a_failed_append_fails_with_it() -> None:
    journal = TroubledJournal()
    async with running(journal) as shard:
        journal.gate.clear()
        journal.fail_appends = 1
        first = shard.enqueue(envelope(Add(1), "1"))
        await asyncio.sleep(0.01)
        behind = shard.enqueue(envelope(Add(1), "2"))
        journal.gate.set()
        results = await asyncio.gather(first, behind, return_exceptions=True)
        assert [type(r) for r in results] == [StoreUnavailable, Recovering]


async def test_an_append_that_arrives_late_is_found() -> None:
    journal = MemoryJournal()
    async with running(journal) as shard:
        async with running(other := MemoryJournal()) as twin:
            await twin.submit(envelope(Add(7), "late"))
        await journal.append(shard.epoch, 0, await other.read(0, 1))
        with pytest.raises(StoreUnavailable):
            await shard.submit(envelope(Add(1), "1"))
        await until(lambda: shard.phase is Phase.SERVING)
        assert await shard.submit(envelope(Add(7), "late")) == {"total": 7}


async def test_a_fenced_writer_answers_nobody_and_ends() -> None:
    journal = MemoryJournal()
    shard = Shard(CounterMachine(), journal)
    life = asyncio.create_task(shard.run())
    await until(lambda: shard.phase is Phase.SERVING)
    await journal.open_epoch()
    with pytest.raises(Recovering):
        await shard.submit(envelope(Add(1), "1"))
    with pytest.raises(Fenced):
        await life
    assert (shard.phase, await journal.read(0, 10)) == (Phase.FENCED, [])
    with pytest.raises(Recovering):
        await shard.ask(Total())


async def test_an_idle_writer_notices_that_it_is_fenced() -> None:
    journal = MemoryJournal()
    shard = Shard(CounterMachine(), journal)
    life = asyncio.create_task(shard.run())
    await until(lambda: shard.phase is Phase.SERVING)
    await journal.open_epoch()
    with pytest.raises(Fenced):
        await asyncio.wait_for(life, 3.0)


async def test_the_next_writer_goes_on_where_the_fenced_one_stood() -> None:
    journal = MemoryJournal()
    async with running(journal) as old:
        await old.submit(envelope(Add(5), "1"))
        async with running(journal) as new:
            results = await asyncio.gather(
                old.submit(envelope(Add(1), "2")), new.submit(envelope(Add(1), "2")), return_exceptions=True
            )
            assert isinstance(results[0], Recovering)
            assert results[1] == {"total": 6}


async def test_recovery_waits_for_the_store() -> None:
    journal = TroubledJournal()
    journal.fail_reads = 3
    async with running(journal) as shard:
        assert await shard.submit(envelope(Add(5), "1")) == {"total": 5}


class ForgetfulJournal(MemoryJournal):
    """A store that comes back with an older state, or a changed one."""

    def forget(self) -> None:
        self._entries.pop()

    def change(self) -> None:
        self._entries[0] = self._entries[0]._replace(body=self._entries[0].body.replace(b'"number":1', b'"number":9'))


async def test_a_store_that_lost_acknowledged_entries_is_not_served_from() -> None:
    journal = ForgetfulJournal()
    shard = Shard(CounterMachine(), journal)
    life = asyncio.create_task(shard.run())
    await until(lambda: shard.phase is Phase.SERVING)
    await asyncio.gather(*(shard.submit(envelope(Add(1), str(i))) for i in range(3)))
    journal.forget()
    with pytest.raises(JournalRegressed):
        await asyncio.wait_for(life, 3.0)
    assert shard.phase is Phase.RECOVERING


async def test_a_changed_history_is_not_served_from() -> None:
    journal = ForgetfulJournal()
    async with running(journal) as shard:
        await shard.submit(envelope(Add(1), "1"))
    journal.change()
    with pytest.raises(ChainBroken) as broken:
        await Shard(CounterMachine(), journal).run()
    assert broken.value.seq == 1
