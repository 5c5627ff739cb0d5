"""A shard answers what is durable, once, in order, and reads only what is committed."""

import asyncio

import pytest

from hitl.errors import Forbidden, IdempotencyConflict, NotFound, Overloaded, Recovering
from hitl.journal import Commit
from hitl.journal.memory import MemoryJournal
from hitl.journal.verify import verify
from hitl.machine import Shard
from tests.fakes.counter import Add, Break, CounterMachine, Missing, Refuse, Total, envelope
from tests.fakes.journals import TroubledJournal
from tests.machine.running import running


async def test_an_answer_comes_with_its_entry() -> None:
    async with running(journal := MemoryJournal()) as shard:
        assert await shard.submit(envelope(Add(3), "1")) == {"total": 3}
        (entry,) = await journal.read(0, 10)
        commit = Commit.decode(entry.body)
        assert (shard.seq, shard.head, shard.epoch) == (1, entry.hash, 1)
        assert (commit.command, commit.command_id, commit.by, commit.request_id) == ("Add", "1", "tester", "r-1")
        assert (commit.answer, commit.epoch, commit.events[0]["type"]) == ({"total": 3}, 1, "Added")


async def test_commands_that_wait_share_one_append() -> None:
    journal = TroubledJournal()
    async with running(journal) as shard:
        journal.gate.clear()
        answers = [asyncio.create_task(shard.submit(envelope(Add(1), str(i)))) for i in range(300)]
        await asyncio.sleep(0.01)
        journal.gate.set()
        assert [a["total"] for a in await asyncio.gather(*answers)] == list(range(1, 301))
        assert sum(journal.batches) == 300
        assert len(journal.batches) <= 3


async def test_a_repeated_command_gets_its_first_answer() -> None:
    async with running(journal := MemoryJournal()) as shard:
        first = await shard.submit(envelope(Add(3), "1"))
        await shard.submit(envelope(Add(4), "2"))
        assert await shard.submit(envelope(Add(3), "1")) == first
        assert len(await journal.read(0, 10)) == 2


async def test_a_repetition_in_the_same_batch_has_no_second_effect() -> None:
    async with running(MemoryJournal()) as shard:
        answers = await asyncio.gather(*(shard.submit(envelope(Add(3), "1")) for _ in range(3)))
        assert answers == [{"total": 3}] * 3
        assert shard.seq == 1


async def test_a_used_id_with_another_body_conflicts() -> None:
    async with running(MemoryJournal()) as shard:
        await shard.submit(envelope(Add(3), "1"))
        with pytest.raises(IdempotencyConflict):
            await shard.submit(envelope(Add(4), "1", "other"))


async def test_answers_are_remembered_across_a_restart() -> None:
    journal = MemoryJournal()
    async with running(journal) as shard:
        await shard.submit(envelope(Add(3), "1"))
    async with running(journal) as shard:
        assert await shard.submit(envelope(Add(3), "1")) == {"total": 3}
        assert await shard.ask(Total()) == {"total": 3, "status": "pending"}
        assert shard.epoch == 2


@pytest.mark.parametrize(("command", "error"), [(Refuse(), Forbidden), (Break(), ZeroDivisionError)])
async def test_a_refusal_or_fault_concerns_its_command_alone(command: object, error: type[Exception]) -> None:
    async with running(MemoryJournal()) as shard:
        commands = [envelope(Add(1), "1"), envelope(command, "2"), envelope(Add(1), "3")]
        results = await asyncio.gather(*(shard.submit(c) for c in commands), return_exceptions=True)
        assert [results[0], results[2]] == [{"total": 1}, {"total": 2}]
        assert isinstance(results[1], error)


async def test_what_changes_nothing_is_not_recorded() -> None:
    async with running(MemoryJournal()) as shard:
        assert await shard.submit(envelope(Add(0), "1")) == {"total": 0}
        await shard.submit(envelope(Add(5), "2"))
        assert await shard.submit(envelope(Add(0), "1")) == {"total": 5}
        assert shard.seq == 1


async def test_questions_see_committed_state_only() -> None:
    journal = TroubledJournal()
    async with running(journal) as shard:
        journal.gate.clear()
        adding = asyncio.create_task(shard.submit(envelope(Add(5), "1")))
        await asyncio.sleep(0.01)
        asking = asyncio.create_task(shard.ask(Total()))
        await asyncio.sleep(0.01)
        assert not asking.done()
        journal.gate.set()
        assert (await asking)["total"] == (await adding)["total"] == 5


async def test_a_caller_who_leaves_does_not_take_the_command_along() -> None:
    journal = TroubledJournal()
    async with running(journal) as shard:
        journal.gate.clear()
        adding = asyncio.create_task(shard.submit(envelope(Add(5), "1")))
        await asyncio.sleep(0.01)
        adding.cancel()
        journal.gate.set()
        assert await shard.submit(envelope(Add(5), "1")) == {"total": 5}
        assert shard.seq == 1


async def test_more_than_may_wait_is_refused_at_once() -> None:
    journal = TroubledJournal()
    async with running(journal, max_waiting=2) as shard:
        journal.gate.clear()
        first = shard.enqueue(envelope(Add(1), "0"))
        await asyncio.sleep(0.01)
        others = [shard.enqueue(envelope(Add(1), str(i))) for i in (1, 2)]
        with pytest.raises(Overloaded):
            shard.enqueue(envelope(Add(1), "3"))
        journal.gate.set()
        assert [a["total"] for a in await asyncio.gather(first, *others)] == [1, 2, 3]


async def test_before_its_recovery_a_shard_refuses_everything() -> None:
    shard = Shard(CounterMachine(), MemoryJournal())
    for call in (shard.submit(envelope(Add(1), "1")), shard.ask(Total()), shard.plain()):
        with pytest.raises(Recovering):
            await call


async def test_a_long_poll_ends_with_the_event_that_settles_it() -> None:
    async with running(MemoryJournal()) as shard:
        waiting = asyncio.create_task(shard.wait("c", Total(), lambda a: a["status"] == "decided", 5.0))
        await shard.submit(envelope(Add(4), "1"))
        await asyncio.sleep(0.01)
        assert not waiting.done()
        await shard.submit(envelope(Add(6), "2"))
        assert (await asyncio.wait_for(waiting, 1.0))["total"] == 10


async def test_a_long_poll_returns_the_last_answer_when_time_is_over() -> None:
    async with running(MemoryJournal()) as shard:
        assert await shard.wait("c", Total(), lambda a: False, 0.01) == {"total": 0, "status": "pending"}


async def test_a_long_poll_waits_for_what_does_not_exist_yet() -> None:
    async with running(MemoryJournal()) as shard:
        waiting = asyncio.create_task(shard.wait("c", Missing(), lambda a: True, 5.0))
        await asyncio.sleep(0.01)
        await shard.submit(envelope(Add(4), "1"))
        assert (await asyncio.wait_for(waiting, 1.0))["total"] == 4
    async with running(MemoryJournal()) as shard:
        with pytest.raises(NotFound):
            await shard.wait("c", Missing(), lambda a: True, 0.01)


async def test_the_plain_state_names_its_place_in_a_chain_that_verifies() -> None:
    async with running(journal := MemoryJournal()) as shard:
        await asyncio.gather(*(shard.submit(envelope(Add(i), str(i))) for i in range(1, 50)))
        plain = await shard.plain()
        assert plain["state"]["total"] == 49 * 25
        assert await verify("s", journal) == (plain["seq"], plain["hash"]) == (shard.seq, shard.head)
