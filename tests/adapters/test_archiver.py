"""A running review shard keeps what it is told to keep, and answers about the rest from the archive."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from hitl.adapters.valkey import names
from hitl.adapters.valkey.archive_check import check_kept
from hitl.adapters.valkey.archived_reviews import ArchivedCaseStore, ReviewArchive
from hitl.adapters.valkey.archiver import Archiver
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.errors import AlreadyDecided, ChainBroken, Fenced, IdempotencyConflict, NotFound, NotInMemory, StoreUnavailable
from hitl.journal import Journal
from hitl.journal.memory import MemoryJournal
from hitl.machine import Envelope, Past, Phase, Shard
from hitl.machine.recovery import NOTHING_KEPT
from hitl.machine.snapshot import pack
from hitl.review import Amend, Claim, Decide, FindLease, OpenReview, OutcomeOf, Reopen, ReviewOf, SettledLabels
from tests.fakes.archive import MemoryCases, MemorySnapshots
from tests.fakes.reviews import machine, record
from tests.machine.running import until

CASES, KEPT = 30, 5


def envelope(command: Any, name: str) -> Envelope:
    return Envelope(command, name, "f", "ann", "r")


async def settle(shard: Shard[Any], number: int) -> None:
    await shard.submit(envelope(OpenReview(record(f"c{number}"), number), f"open {number}"))
    review = (await shard.submit(envelope(Claim("digits", "ann"), f"claim {number}"))).review
    assert review is not None
    assert review.lease is not None
    decision = Decide(review.review_id, review.lease.id, "ann", "2")
    await shard.submit(envelope(decision, f"decide {number}"))


@asynccontextmanager
async def serving(cases: ArchivedCaseStore, journal: Journal, past: Past = NOTHING_KEPT) -> AsyncIterator[Shard[Any]]:
    shard = Shard(machine(undo_s=0), journal, past=past, attic=ReviewArchive(cases))
    life = asyncio.create_task(shard.run())
    await until(lambda: shard.phase is Phase.SERVING)
    yield shard
    life.cancel()
    with suppress(asyncio.CancelledError):
        await life


@pytest.fixture
async def shard() -> AsyncIterator[Shard[Any]]:
    cases = MemoryCases()
    async with serving(cases, MemoryJournal()) as shard:
        archiver = Archiver(shard, cases, KEPT, 1e9)
        for number in range(1, CASES + 1):
            await settle(shard, number)
            await archiver.step()
        yield shard


async def test_memory_holds_no_more_than_the_bound(shard: Shard[Any]) -> None:
    assert len((await shard.plain())["state"]["reviews"]) == KEPT


async def test_old_and_new_cases_read_alike(shard: Shard[Any]) -> None:
    old, new = await shard.ask(OutcomeOf("c1")), await shard.ask(OutcomeOf(f"c{CASES}"))
    assert (old.status, old.outcome.label) == (new.status, new.outcome.label) == ("decided", "2")
    assert (await shard.ask(ReviewOf("c1-1"))).review.status == "decided"
    rows = (await shard.ask(SettledLabels("digits", 0, 100))).labelled
    assert [row.case_id for row in rows] == [f"c{number}" for number in range(1, CASES + 1)]


async def test_a_page_is_read_whole_though_more_cases_leave_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = MemoryCases()
    async with serving(cases, MemoryJournal()) as shard:
        for number in range(1, 7):
            await settle(shard, number)
        await Archiver(shard, cases, 4, 1e9).step()
        find = cases.find

        async def find_while_others_leave(case_ids: list[str]) -> list[bytes]:
            monkeypatch.undo()
            await Archiver(shard, cases, 1, 1e9).step()
            return await find(case_ids)

        monkeypatch.setattr(cases, "find", find_while_others_leave)
        rows = (await shard.ask(SettledLabels("digits", 0, 100))).labelled
    assert [row.case_id for row in rows] == [f"c{number}" for number in range(1, 7)]


async def test_what_is_kept_no_more_is_told_and_not_looked_for_again() -> None:
    cases = MemoryCases()
    async with serving(cases, MemoryJournal()) as shard:
        for number in range(1, 4):
            await settle(shard, number)
        await Archiver(shard, cases, 0, 1e9).step()
        del cases.rows["c2"]
        with pytest.raises(NotInMemory):
            await shard.ask(SettledLabels("digits", 0, 100))
        with pytest.raises(NotFound):
            await shard.ask(ReviewOf("c1-7"))


async def test_a_repeated_answer_is_the_first_one(shard: Shard[Any]) -> None:
    again = await shard.submit(envelope(Decide("c1-1", 1, "ann", "2"), "decide 1"))
    assert (again.review_id, again.label, again.status) == ("c1-1", "2", "decided")
    with pytest.raises(IdempotencyConflict):
        await shard.submit(Envelope(Decide("c1-1", 1, "ann", "0"), "decide 1", "other", "ann", "r"))


async def test_a_late_answer_is_refused_as_before_and_brings_nothing_back(shard: Shard[Any]) -> None:
    seq = shard.seq
    with pytest.raises(AlreadyDecided):
        await shard.submit(envelope(Decide("c1-1", 1, "bob", "0"), "late"))
    with pytest.raises(AlreadyDecided):
        await shard.ask(FindLease("c1-1", 1, "ann"))
    with pytest.raises(NotFound):
        await shard.ask(ReviewOf("never-1"))
    assert shard.seq == seq


async def test_an_archived_case_can_be_amended_and_reopened(shard: Shard[Any]) -> None:
    await shard.submit(envelope(Amend("c1-1", "eve", "0", "a slip"), "amend"))
    assert (await shard.ask(OutcomeOf("c1"))).outcome.label == "0"
    await shard.submit(envelope(Reopen("c2-1", "eve", "look again"), "reopen"))
    assert (await shard.ask(ReviewOf("c2-2"))).review.reopens == "c2-1"
    rows = (await shard.ask(SettledLabels("digits", 0, 100))).labelled
    assert [(row.label, row.amends) for row in rows if row.case_id == "c1"] == [("2", False), ("0", True)]


async def test_two_who_amend_an_archived_case_at_once_both_count(monkeypatch: pytest.MonkeyPatch) -> None:
    cases, found = MemoryCases(), asyncio.Event()
    async with serving(cases, MemoryJournal()) as shard:
        await settle(shard, 1)
        archiver = Archiver(shard, cases, 0, 1e9)
        await archiver.step()
        find, released = cases.find, asyncio.Event()

        async def find_slowly(case_ids: list[str]) -> list[bytes]:
            monkeypatch.undo()
            rows = await find(case_ids)
            found.set()
            await released.wait()
            return rows

        monkeypatch.setattr(cases, "find", find_slowly)
        one = asyncio.create_task(shard.submit(envelope(Amend("c1-1", "eve", "0", "a slip"), "one")))
        await found.wait()
        other = asyncio.create_task(shard.submit(envelope(Amend("c1-1", "eve", "1", "a slip"), "other")))
        await asyncio.wait({other}, timeout=0.1)
        await archiver.step()
        released.set()
        await asyncio.gather(one, other)
        assert [each.label for each in (await shard.ask(OutcomeOf("c1"))).outcomes] == ["2", "0", "1"]


async def test_a_recalled_case_does_not_leave_before_it_is_changed() -> None:
    cases = MemoryCases()
    async with serving(cases, MemoryJournal()) as shard:
        for number in range(1, 21):
            await settle(shard, number)
        archiver = Archiver(shard, cases, 0, 1e9)
        await archiver.step()
        amending = [shard.submit(envelope(Amend(f"c{n}-1", "eve", "0", "a slip"), f"amend {n}")) for n in range(1, 21)]
        archiving = asyncio.create_task(archive_always(archiver))
        answers = await asyncio.gather(*amending)
        archiving.cancel()
        assert [answer.label for answer in answers] == ["0"] * 20


async def archive_always(archiver: Archiver) -> None:
    while True:
        await archiver.step()
        await asyncio.sleep(0)


async def test_what_is_kept_is_proved_by_the_journal() -> None:
    cases, journal = MemoryCases(), MemoryJournal()
    async with serving(cases, journal) as shard:
        await asyncio.gather(*(settle(shard, number) for number in range(1, 4)))
        await Archiver(shard, cases, 0, 1e9).step()
        assert await check_kept("review-0", journal, cases) == 3
        await shard.submit(envelope(Amend("c1-1", "eve", "0", "a slip"), "amend"))
        assert await check_kept("review-0", journal, cases) == 2
        cases.rows["c2"] = cases.rows["c2"].replace(b'"2"', b'"1"')
        with pytest.raises(ChainBroken):
            await check_kept("review-0", journal, cases)


async def test_a_snapshot_leads_to_the_same_answers_about_what_is_archived() -> None:
    cases, journal, snapshots = MemoryCases(), MemoryJournal(), MemorySnapshots()
    async with serving(cases, journal) as shard:
        for number in range(1, 9):
            await settle(shard, number)
        await Archiver(shard, cases, 3, 1e9).step()
        snapshots.files[shard.seq] = pack("review", shard._replica, {})
        await shard.submit(envelope(Amend("c1-1", "eve", "0", "a slip"), "amend"))
        before = [await shard.ask(question) for question in (SettledLabels("digits", 0, 100), OutcomeOf("c1"), OutcomeOf("c2"))]
    async with serving(cases, journal, Past(snapshots)) as shard:
        after = [await shard.ask(question) for question in (SettledLabels("digits", 0, 100), OutcomeOf("c1"), OutcomeOf("c2"))]
        assert after == before
        assert (await shard.submit(envelope(Decide("c2-1", 2, "ann", "2"), "decide 2"))).status == "decided"
        assert await Archiver(shard, cases, 3, 1e9).step() == 1


async def test_a_case_that_is_changed_and_archived_anew_during_the_proof_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    cases, journal = MemoryCases(), MemoryJournal()
    async with serving(cases, journal) as shard:
        await settle(shard, 1)
        await Archiver(shard, cases, 0, 1e9).step()
        find = cases.find

        async def find_after_a_change(case_ids: list[str]) -> list[bytes]:
            monkeypatch.undo()
            await shard.submit(envelope(Amend("c1-1", "eve", "0", "a slip"), "amend"))
            await Archiver(shard, cases, 0, 1e9).step()
            return await find(case_ids)

        monkeypatch.setattr(cases, "find", find_after_a_change)
        assert await check_kept("review-0", journal, cases) == 1


async def test_a_kept_case_that_the_disk_tore_is_told_and_found(valkey: Any) -> None:
    cases, journal = ArchivedCaseStore(valkey, "review-0"), ValkeyJournal(valkey, "review-0")
    async with serving(cases, journal) as shard:
        await settle(shard, 1)
        await Archiver(shard, cases, 0, 1e9).step()
        await valkey.hset(names.kept_cases("review-0"), "c1", b"torn")
        with pytest.raises(StoreUnavailable):
            await shard.ask(OutcomeOf("c1"))
        with pytest.raises(ChainBroken):
            await check_kept("review-0", journal, cases)


@pytest.mark.slow
async def test_the_store_keeps_cases_for_its_present_writer_alone(valkey: Any) -> None:
    await valkey.set("hitl:{review-0}:epoch", 3)
    cases = ArchivedCaseStore(valkey, "review-0")
    await cases.keep(3, {"c1": b"[]", "c2": b"[1]"})
    assert await cases.find(["c2", "c3", "c1"]) == [b"[1]", b"[]"]
    with pytest.raises(Fenced):
        await cases.keep(2, {"c1": b"old"})
    assert await cases.find(["c1"]) == [b"[]"]
