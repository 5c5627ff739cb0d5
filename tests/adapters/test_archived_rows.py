"""The lists of settled reviews leave memory chunk by chunk, and whoever follows them by a cursor reads every row."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from hitl.adapters.valkey import archiver as archiver_module
from hitl.adapters.valkey.archive_check import check_kept
from hitl.adapters.valkey.archived_reviews import ReviewArchive
from hitl.adapters.valkey.archiver import ROWS, Archiver
from hitl.adapters.valkey.border import Border
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.adapters.valkey.settled_mover import SettledMover
from hitl.adapters.valkey.settled_objects import open_settled
from hitl.cli.commands.verify import verify_all
from hitl.errors import ChainBroken, NotInMemory
from hitl.journal.memory import MemoryJournal
from hitl.machine import Past, Shard
from hitl.machine.snapshot import pack
from hitl.review import (
    Amend,
    Examples,
    NoteCasesDeleted,
    SettledLabels,
    labelled,
    row_lists,
)
from hitl.review.archiving import tombstone
from hitl.review.commands import ArchiveRows
from hitl.review.find import case_of
from tests.adapters.test_archiver import envelope, serving, settle
from tests.fakes.archive import MemoryCases, MemorySnapshots
from tests.fakes.reviews import record
from tests.fakes.stranger import review_folds

CASES, CHUNK = 60, 4
LISTS = (SettledLabels, Examples)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_lists, "CHUNK", CHUNK)


async def settle_all(shard: Shard[Any], archiver: Archiver | None = None) -> None:
    """Every fifth case is amended; with ``archiver`` rows leave all the time."""
    for number in range(1, CASES + 1):
        await settle(shard, number)
        if number % 5 == 0:
            await shard.submit(envelope(Amend(f"c{number}-1", "eve", "0", "a slip"), f"amend {number}"))
        if archiver is not None:
            await archiver.step()


async def read(shard: Shard[Any], question: Any, page: int = 7) -> list[Any]:
    """Every row, page by page."""
    found: list[Any] = []
    after = 0
    while True:
        told = await shard.ask(question("digits", after, page))
        rows = told.labelled if question is SettledLabels else told.examples
        found, after = found + rows, told.next
        if len(rows) < page:
            return found


def timeless(rows: list[Any]) -> list[dict[str, Any]]:
    """Rows without the times, which differ between two shards."""
    times = ("at", "decided_at", "opened_at", "due_at", "held_s", "answers")
    return [{name: getattr(row, name) for name in row.__dataclass_fields__ if name not in times} for row in rows]


async def leave(shard: Shard[Any], cases: Any, kept: int = 0) -> None:
    """Settled cases and rows leave memory."""
    while await Archiver(shard, cases, 0, 1e9).step():
        pass
    while await Archiver(shard, cases, kept, 0.0, leaving=ROWS).step():
        pass


@pytest.fixture
async def unbounded() -> AsyncIterator[Shard[Any]]:
    async with serving(MemoryCases(), MemoryJournal()) as shard:
        await settle_all(shard)
        yield shard


async def test_readers_get_every_row_that_they_get_without_a_bound(unbounded: Shard[Any]) -> None:
    cases = MemoryCases()
    async with serving(cases, MemoryJournal()) as shard:
        await settle_all(shard, Archiver(shard, cases, 5, 0.0, leaving=ROWS))
        await leave(shard, cases, 5)
        state = await shard.state()
        for name in ("labels", "examples"):
            assert len(getattr(state, name)["digits"]) < 5 + CHUNK
            assert state.rows_left[name]["digits"] >= CASES - 5 - CHUNK
        for question in LISTS:
            for page in (1, 7, 1000):
                assert timeless(await read(shard, question, page)) == timeless(await read(unbounded, question))
    assert len(timeless(await read(unbounded, SettledLabels))) == CASES + CASES // 5


async def test_all_chunks_that_may_leave_do_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archiver_module, "EVERY_S", 3600.0)
    cases = MemoryCases()
    async with serving(cases, MemoryJournal()) as shard:
        await settle_all(shard)
        life = asyncio.create_task(Archiver(shard, cases, 5, 0.0, leaving=ROWS).run())
        state = await shard.state()
        async with asyncio.timeout(60):
            while len(state.labels["digits"]) >= 5 + CHUNK:  # noqa: ASYNC110 - it is only looked at
                await asyncio.sleep(0.01)
        life.cancel()
    assert state.rows_left["labels"]["digits"] > 10 * CHUNK


async def test_a_cursor_of_before_goes_on_where_it_stood(unbounded: Shard[Any]) -> None:
    cases = MemoryCases()
    unbounded._attic = ReviewArchive(cases)
    questions = [question("digits", after, 7) for question in LISTS for after in range(0, 70, 3)]
    before = [await unbounded.ask(question) for question in questions]
    await leave(unbounded, cases)
    assert [await unbounded.ask(question) for question in questions] == before


async def test_a_snapshot_and_a_replay_lead_to_the_same_rows() -> None:
    cases, journal, snapshots = MemoryCases(), MemoryJournal(), MemorySnapshots()
    async with serving(cases, journal) as shard:
        await settle_all(shard)
        await leave(shard, cases, 20)
        snapshots.files[shard.seq] = pack("review", shard._replica, {})
        await leave(shard, cases, 3)
        before = [await read(shard, question) for question in LISTS]
        plain = (await shard.plain())["state"]
    for past in (Past(snapshots), Past()):
        async with serving(cases, journal, past) as shard:
            assert [await read(shard, question) for question in LISTS] == before
            assert (await shard.plain())["state"] == plain


async def test_another_programs_replay_agrees() -> None:
    cases = MemoryCases()
    async with serving(cases, MemoryJournal()) as shard:
        await settle_all(shard)
        await leave(shard, cases, 3)
        commits = [json.loads(entry.body) for entry in await shard._writer.journal.read(0, 10_000)]
        assert review_folds.fold_reviews(commits)["examples"] == (await shard.plain())["state"]["examples"]


async def test_a_chunk_that_is_another_stays(unbounded: Shard[Any]) -> None:
    wrong = tuple((name, "0" * 64) for name in ("labels/digits/0", "examples/digits/4", "known_answers/digits/0"))
    assert (await unbounded.submit(envelope(ArchiveRows(wrong), "archive"))).archived == 0


async def test_a_chunk_that_is_lost_is_told_and_found() -> None:
    cases, journal = MemoryCases(), MemoryJournal()
    async with serving(cases, journal) as shard:
        await settle_all(shard)
        await leave(shard, cases)
        checked = await check_kept("review-0", journal, cases)
        assert checked == CASES + 60 // CHUNK + 72 // CHUNK
        del cases.rows["labels/digits/8"]
        with pytest.raises(NotInMemory):
            await read(shard, SettledLabels)
        with pytest.raises(ChainBroken):
            await check_kept("review-0", journal, cases)


async def test_rows_of_deleted_cases_are_passed_over_wherever_they_are(valkey: Redis, valkey_url: str, tmp_path: Path) -> None:
    uri = str(tmp_path / "archive")
    settled = open_settled(valkey, "review-0", uri)
    async with serving(settled.recent, ValkeyJournal(valkey, "review-0")) as shard:
        shard._attic = ReviewArchive(settled)
        await settle_all(shard)
        await leave(shard, settled.recent, 3)
        while await SettledMover(shard, settled, 30).step():
            pass
        await asyncio.to_thread(verify_all, valkey_url, 1, uri)
        before, cursors = await read(shard, SettledLabels), (await shard.ask(SettledLabels("digits", 0, 1000))).next
        gone = ["c1", "c5", "c30", "c60"]
        note = NoteCasesDeleted("2026-01-01", "digits", "s", 4, 0, "0" * 64, "0" * 64, tuple(gone))
        await shard.submit(envelope(note, "delete"))
        await Border(valkey, 0).forget([(number, record(case)) for number, case in enumerate(gone)])
        await open_settled(valkey, "review-0", uri).forget(gone)
        after = await read(shard, SettledLabels)
        assert after == [row for row in before if row.case_id not in gone]
        assert (await shard.ask(SettledLabels("digits", 0, 1000))).next == cursors
        texts = await settled.find(gone)
        assert len(texts) == 4
        assert not any(b"ann" in text or b"digits" in text for text in texts)


async def test_deleted_cases_at_the_front_are_passed_over_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of their chunks is read by itself, with the question asked anew after it."""
    monkeypatch.setattr(row_lists, "CHUNK", 1)
    cases, count = MemoryCases(), 400
    async with serving(cases, MemoryJournal()) as shard:
        for number in range(1, count + 1):
            await settle(shard, number)
        await leave(shard, cases)
        cases.rows |= {f"c{number}": tombstone(f"c{number}") for number in range(2, count)}
        looked = list[str]()

        def looked_at(review_id: str) -> str:
            looked.append(review_id)
            return case_of(review_id)

        monkeypatch.setattr(labelled, "case_of", looked_at)
        for question in LISTS:
            told: Any = await shard.ask(question("digits", 0, 2))
            rows = told.labelled if question is SettledLabels else told.examples
            assert ([row.case_id for row in rows], told.next) == (["c1", f"c{count}"], count)
    assert len(looked) < 2 * 6 * count
