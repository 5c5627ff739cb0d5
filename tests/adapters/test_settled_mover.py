"""Settled reviews move from the store to files, whatever cuts it short, and are read there as before."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from redis.asyncio import Redis

from hitl.adapters.files.case_index import SettledIndex
from hitl.adapters.valkey import names
from hitl.adapters.valkey.archive_check import check_kept
from hitl.adapters.valkey.archived_reviews import ReviewArchive
from hitl.adapters.valkey.archiver import Archiver
from hitl.adapters.valkey.backup import Places, Why, back_up, restore
from hitl.adapters.valkey.border import Border
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.adapters.valkey.settled_mover import SettledMover
from hitl.adapters.valkey.settled_objects import open_settled
from hitl.cli.commands.verify import verify_all
from hitl.crashpoints import ARMED
from hitl.errors import AlreadyDecided, ChainBroken, Fenced, NotFound, StoreUnavailable
from hitl.machine import Shard
from hitl.review import Amend, Decide, OutcomeOf, Reopen, ReviewOf, SettledLabels
from hitl.review.archiving import tombstone
from tests.adapters.archive_world import disarmed
from tests.adapters.test_archiver import envelope, serving, settle
from tests.fakes.reviews import record

__all__ = ["disarmed"]

CASES, A_FILE = 10, 4

OF_MOVES = ("reviews.before_count", "reviews.after_count")
OF_FILES = ("deletion.before_reviews", "deletion.after_reviews")
POINTS = (*OF_MOVES, *OF_FILES)


class Moving:
    """A review shard whose cases are all settled and have left its memory; ``mover`` makes files of four cases."""

    def __init__(self, shard: Shard[Any], client: Redis, uri: str) -> None:
        self.shard, self.client, self.uri = shard, client, uri
        self.reviews = open_settled(client, "review-0", uri)
        shard._attic = ReviewArchive(self.reviews)
        self.mover = SettledMover(shard, self.reviews, A_FILE)

    def new_mover(self) -> SettledMover:
        return SettledMover(self.shard, open_settled(self.client, "review-0", self.uri), A_FILE)

    async def archive(self) -> None:
        while await Archiver(self.shard, self.reviews.recent, 0, 1e9).step():
            pass

    async def move(self) -> int:
        moved = 0
        while left := await self.mover.step():
            moved += left
        return moved

    async def in_store(self) -> int:
        return int(await self.client.hlen(names.kept_cases("review-0")))  # type: ignore[misc]

    def files(self) -> list[Path]:
        return sorted(Path(self.uri, "reviews/review-0").glob("*.parquet"))

    def runs(self) -> list[Path]:
        return list(Path(self.uri, "reviews-index/review-0").glob("*.idx"))

    async def amend(self, number: int, label: str) -> None:
        await self.shard.submit(envelope(Amend(f"c{number}-1", "eve", label, "a slip"), f"amend {number} {label}"))

    async def outcome(self, number: int) -> str | None:
        return (await self.shard.ask(OutcomeOf(f"c{number}"))).outcome.label

    async def checked(self) -> int:
        return await check_kept(
            "review-0", ValkeyJournal(self.client, "review-0"), open_settled(self.client, "review-0", self.uri)
        )


@pytest.fixture
async def world(valkey: Redis, tmp_path: Path) -> AsyncIterator[Moving]:
    reviews, journal = open_settled(valkey, "review-0", str(tmp_path / "archive")), ValkeyJournal(valkey, "review-0")
    async with serving(reviews.recent, journal) as shard:
        for number in range(1, CASES + 1):
            await settle(shard, number)
        found = Moving(shard, valkey, str(tmp_path / "archive"))
        await found.archive()
        yield found


async def test_the_store_keeps_less_than_a_file(world: Moving) -> None:
    assert await world.in_store() == CASES
    assert await world.move() == 2 * A_FILE
    assert await world.in_store() == CASES - 2 * A_FILE
    assert len(world.files()) == 2
    assert await world.mover.step() == 0


async def test_large_cases_move_before_they_are_many(world: Moving) -> None:
    mover = SettledMover(world.shard, world.reviews, file_cases=1000, most_bytes=100)
    assert await mover.step() > 0


async def test_everything_about_a_moved_case_is_answered_as_before(world: Moving) -> None:
    questions = [OutcomeOf("c1"), ReviewOf("c2-1"), SettledLabels("digits", 0, 100)]
    before = [await world.shard.ask(question) for question in questions]
    await world.move()
    assert [await world.shard.ask(question) for question in questions] == before
    seq = world.shard.seq
    with pytest.raises(AlreadyDecided):
        await world.shard.submit(envelope(Decide("c1-1", 1, "bob", "0"), "late"))
    with pytest.raises(NotFound):
        await world.shard.ask(ReviewOf("never-1"))
    assert world.shard.seq == seq


async def test_a_moved_case_can_be_amended_reopened_and_moved_anew(world: Moving) -> None:
    await world.move()
    for number in range(1, CASES + 1):
        await world.amend(number, "0")
    await world.shard.submit(envelope(Reopen("c1-1", "eve", "look again"), "reopen"))
    assert (await world.shard.ask(ReviewOf("c1-2"))).review.reopens == "c1-1"
    await world.archive()  # all but c1, which is open again
    assert await world.move() >= A_FILE
    assert [await world.outcome(number) for number in range(2, CASES + 1)] == ["0"] * (CASES - 1)
    await world.amend(2, "1")
    await world.archive()
    assert await world.outcome(2) == "1"
    assert await world.checked() == CASES - 1


async def test_a_case_that_is_kept_anew_during_a_move_stays_in_the_store(world: Moving, disarmed: None) -> None:
    stored = await world.reviews.recent.some(CASES, 10**9)
    cases = await world.reviews.recent.rows(list(stored))
    file = await world.reviews.files.write(1, cases)
    await world.amend(3, "0")
    await world.archive()
    assert not await world.reviews.listed.count(world.shard.epoch, file, stored)
    assert await world.in_store() == CASES
    await world.reviews.files.remove(file)
    await world.move()
    assert await world.outcome(3) == "0"


async def test_no_other_writer_moves_anything(world: Moving) -> None:
    stored = await world.reviews.recent.some(CASES, 10**9)
    file = await world.reviews.files.write(1, await world.reviews.recent.rows(list(stored)))
    with pytest.raises(Fenced):
        await world.reviews.listed.count(world.shard.epoch - 1, file, stored)


@pytest.mark.parametrize("point", OF_MOVES)
async def test_what_a_crash_cuts_short_is_done_by_the_next_mover(world: Moving, disarmed: None, point: str) -> None:
    def die() -> None:
        raise KeyboardInterrupt

    ARMED[point] = die
    with pytest.raises(KeyboardInterrupt):
        await world.move()
    ARMED.clear()
    assert [await world.outcome(number) for number in (1, CASES)] == ["2", "2"]
    world.mover = world.new_mover()
    await world.move()
    assert await world.in_store() == CASES - 2 * A_FILE
    assert len(world.files()) == 2
    assert await world.checked() == CASES
    index = SettledIndex(world.uri, "review-0")
    await index.refresh()
    assert index.covered == 2


async def test_a_file_that_never_counted_is_not_removed_where_it_may_be_the_only_copy(world: Moving) -> None:
    await world.reviews.files.write(1, await world.reviews.recent.rows(["c1"]))
    await world.client.hdel(names.kept_cases("review-0"), "c1")  # type: ignore[misc]
    with pytest.raises(ChainBroken):
        await world.mover.step()
    assert len(world.files()) == 1


async def test_an_index_ahead_of_the_store_is_made_anew(world: Moving) -> None:
    await world.reviews.index.add(1, 3, [("c1", 3), ("c2", 1)])
    await world.move()
    assert [await world.outcome(number) for number in range(1, CASES + 1)] == ["2"] * CASES


async def test_an_archive_without_its_index_answers_and_gets_one(world: Moving) -> None:
    await world.move()
    for path in world.runs():
        path.unlink()
    fresh = open_settled(world.client, "review-0", world.uri)
    assert len(await fresh.find([f"c{number}" for number in range(1, CASES + 1)])) == CASES
    world.mover = world.new_mover()
    await world.mover.step()
    assert len(world.runs()) == 2


async def test_a_file_that_was_changed_is_noticed_by_who_reads_it(world: Moving) -> None:
    await world.move()
    for path in world.files():
        path.write_bytes(path.read_bytes()[:-9] + b"0" + path.read_bytes()[-8:])
    with pytest.raises(ChainBroken):
        await world.shard.ask(SettledLabels("digits", 0, 100))
    with pytest.raises(ChainBroken):
        await world.checked()


async def test_a_file_that_is_gone_is_told(world: Moving) -> None:
    await world.move()
    for path in world.files():
        path.unlink()
    with pytest.raises(StoreUnavailable):
        await world.shard.ask(SettledLabels("digits", 0, 100))


async def test_a_file_and_the_stores_list_that_were_changed_together_do_not_verify(world: Moving) -> None:
    await world.move()
    file = (await world.reviews.listed.files())[1][0]
    cases = dict(await world.reviews.files.read(file))
    case_id = next(iter(cases))
    other = await world.reviews.files.write(file.number, {**cases, case_id: cases[case_id].replace(b'"2"', b'"1"')})
    assert await world.reviews.listed.replace(file, other)
    with pytest.raises(ChainBroken):
        await world.checked()


async def test_deleted_cases_leave_every_file(world: Moving) -> None:
    await world.move()
    for number in (1, 2, 3, 4):
        await world.amend(number, "0")
    await world.archive()
    await world.move()
    gone = [f"c{number}" for number in range(1, CASES)]
    await Border(world.client, 0).forget([(number, record(case_id)) for number, case_id in enumerate(gone)])
    await open_settled(world.client, "review-0", world.uri).forget(gone)
    found = {row["case_id"]: row["reviews"] for path in world.files() for row in pq.read_table(path).to_pylist()}
    assert {case_id for case_id, text in found.items() if text.encode() != tombstone(case_id)} <= {f"c{CASES}"}
    with pytest.raises(NotFound):
        await world.shard.ask(ReviewOf("c1-1"))
    assert await world.outcome(CASES) == "2"


@pytest.mark.parametrize("point", OF_FILES)
async def test_a_deletion_that_a_crash_cuts_short_is_done_by_the_next_one(world: Moving, disarmed: None, point: str) -> None:
    def die() -> None:
        raise KeyboardInterrupt

    await world.move()
    gone = list(await world.reviews.files.read((await world.reviews.listed.files())[1][0]))[:2]
    ARMED[point] = die
    with pytest.raises(KeyboardInterrupt):
        await open_settled(world.client, "review-0", world.uri).forget(gone)
    ARMED.clear()
    await open_settled(world.client, "review-0", world.uri).forget(gone)
    assert len(world.files()) == 2
    assert await open_settled(world.client, "review-0", world.uri).find(gone) == [tombstone(case_id) for case_id in gone]
    left = [f"c{number}" for number in range(1, CASES + 1) if f"c{number}" not in gone]
    assert len(await open_settled(world.client, "review-0", world.uri).find(left)) == CASES - 2


async def test_a_file_in_the_making_does_not_bring_a_deleted_case_back(world: Moving) -> None:
    stored = await world.reviews.recent.some(CASES, 10**9)
    file = await world.reviews.files.write(1, await world.reviews.recent.rows(list(stored)))
    await world.client.hdel(names.kept_cases("review-0"), "c1")  # type: ignore[misc]
    await open_settled(world.client, "review-0", world.uri).forget(["c1"])
    assert not await world.reviews.listed.count(world.shard.epoch, file, stored)
    assert world.files() == []


async def test_a_backup_has_the_files_and_their_proof(world: Moving, valkey_url: str, tmp_path: Path) -> None:
    await world.move()
    before = await world.shard.ask(SettledLabels("digits", 0, 100))
    await back_up(world.client, Places(world.uri, str(tmp_path / "artifacts")), tmp_path / "backup", 1_000.0)
    there = Places(str(tmp_path / "there"), str(tmp_path / "models"))
    await world.client.flushall()
    await restore(world.client, there, tmp_path / "backup", Why("ann", "the disk is gone", 2_000.0))
    world.uri = there.archive
    assert await world.checked() == CASES
    async with serving(
        open_settled(world.client, "review-0", there.archive).recent, ValkeyJournal(world.client, "review-0")
    ) as shard:
        shard._attic = ReviewArchive(open_settled(world.client, "review-0", there.archive))
        assert await shard.ask(SettledLabels("digits", 0, 100)) == before
    await asyncio.to_thread(verify_all, valkey_url, 1, there.archive)
