"""Old cases are deleted day by day: on the record, all of them and no other, whatever cuts it short."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from glob import glob
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from hitl.access.views import CaseHold, DaysHold, HeldCases
from hitl.adapters.files.case_archive import CaseArchive
from hitl.adapters.valkey import names
from hitl.adapters.valkey.archived_keys import open_keys
from hitl.adapters.valkey.archived_reviews import ArchivedCaseStore, ReviewArchive
from hitl.adapters.valkey.archiver import Archiver
from hitl.adapters.valkey.backup import Places, Why, back_up, restore
from hitl.adapters.valkey.border import Border
from hitl.adapters.valkey.case_deleter import CaseDeleter
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.adapters.valkey.key_mover import KeyMover
from hitl.adapters.valkey.settled_mover import SettledMover
from hitl.adapters.valkey.settled_objects import open_settled
from hitl.cli.commands.verify import Verified, verify_all
from hitl.crashpoints import ARMED
from hitl.errors import CaseExists, ChainBroken, SealBroken
from hitl.intake import CaseRecord
from hitl.intake.retention import is_over
from hitl.machine import Phase, Shard
from hitl.machine.shards import ACCESS
from hitl.review import Amend, Examples, InMemory, NoteCasesDeleted, ReviewMachine, SettledLabels
from hitl.review.archiving import tombstone
from serve_app.evidence.evidence import TaskEvidence
from serve_app.reconcilers.retention import DeleteOldCases
from tests.adapters.archive_world import DAY_S, SMALL, World, disarmed
from tests.contracts.intake_contract import batch, record
from tests.fakes.reviews import spec
from tests.machine.running import until

__all__ = ["disarmed"]

TODAY = 40 * DAY_S
"""Cases of digits are kept 30 days, those of other for ever."""

OLD = [f"c{number}" for number in (1, 2, 3, 4)]
"""Of digits, of 1 and 2 January: c1 and c3 were reviewed."""

ALL = [*OLD, "o1", "o2", "c20"]


def old_cases() -> list[CaseRecord]:
    kinds = {"c1": "review", "c3": "review", "o1": "review"}
    at = {"c1": 1.0, "c2": 2.0, "o1": 3.0, "c3": DAY_S + 1, "c4": DAY_S + 2, "o2": DAY_S + 3, "c20": 20 * DAY_S}
    made = [record(name, kinds.get(name, "automatic"), "other" if name[0] == "o" else "digits") for name in at]
    return [replace(each, at=at[each.case_id]) for each in made]


class OldWorld(World):
    """All cases are answered and archived; the settled reviews have left the shard's memory. ``held`` must stay."""

    def __init__(self, *what: Any) -> None:
        super().__init__(*what)
        self.held, self.released = set[str](), list[str]()

    @property
    def deleter(self) -> CaseDeleter:
        border = Border(self.client, 0)
        archive, reviews = CaseArchive(self.uri, 0, border.deletions), open_settled(self.client, "review-0", self.uri)
        return CaseDeleter(
            (border, archive, reviews, open_keys(self.client, 0, self.uri)), self._must_stay, self._note, self._release
        )

    async def delete(self) -> int:
        return await self.deleter.step(lambda day, task: is_over(day, {"digits": 30}.get(task), TODAY))

    async def _must_stay(self, records: Sequence[CaseRecord]) -> set[str]:
        asked = [each.case_id for each in records]
        return self.held.intersection(asked) | set((await self.shard.ask(InMemory(tuple(asked)))).case_ids)

    async def _note(self, command: NoteCasesDeleted) -> bool:
        return bool((await self.submit(command)).deletion)

    async def _release(self, case: CaseRecord, payload: bytes) -> None:
        self.released = [*self.released, case.case_id]

    async def found(self) -> list[str]:
        return sorted([name for name in ALL if await self.intake.find(name) is not None])

    async def verified(self, url: str) -> Verified:
        rows = await asyncio.to_thread(verify_all, url, 1, self.uri)
        return next(row for row in rows if row.chain.startswith("intake partition 0"))


@pytest.fixture
async def world(valkey: Redis, tmp_path: Path) -> AsyncIterator[OldWorld]:
    tasks = {task: spec(task, review={"undo_s": 0}) for task in ("digits", "other")}
    cases = ArchivedCaseStore(valkey, "review-0")
    shard = Shard(ReviewMachine(tasks, DAY_S), ValkeyJournal(valkey, "review-0"), name="review-0", attic=ReviewArchive(cases))
    life = asyncio.create_task(shard.run())
    await until(lambda: shard.phase is Phase.SERVING)
    found = OldWorld(valkey, tmp_path / "archive", shard, life)
    found.now = TODAY
    keys = [f"key of {each.case_id}".encode() for each in old_cases()]
    await ValkeyIntake(valkey, 0).append(replace(batch(*old_cases()), keys=keys))
    await found.open_reviews()
    await found.answer_all()
    await found.archive_all(replace(SMALL, segment_cases=4))
    while await Archiver(shard, cases, 0, 0.0).step():
        pass
    yield found
    await found.end()


async def test_the_days_that_are_over_go_and_no_other(world: OldWorld) -> None:
    assert await world.found() == sorted(ALL)
    assert await world.delete() == len(OLD)
    assert await world.found() == ["c20", "o1", "o2"]
    assert [case.record.case_id for case in await world.intake.cases(0, 100)] == ["o1", "o2", "c20"]
    assert await world.delete() == 0


async def test_everything_that_the_store_has_of_them_goes(world: OldWorld) -> None:
    await world.delete()
    assert sorted(await world.client.hkeys(names.wrapped_keys(0))) == [b"c20", b"o1", b"o2"]  # type: ignore[misc]
    kept = await ArchivedCaseStore(world.client, "review-0").rows([*OLD, "o1"])
    assert [case_id for case_id, data in kept.items() if data != tombstone(case_id)] == ["o1"]
    assert sorted(world.released) == OLD
    assert [Path(place).parts[-3] for place in glob(f"{world.uri}/cases/*/task=digits/*")] == ["day=1970-01-21"]


async def test_their_reviews_go_from_the_files_that_they_moved_to(world: OldWorld, valkey_url: str) -> None:
    reviews = open_settled(world.client, "review-0", world.uri)
    await SettledMover(world.shard, reviews, file_cases=1).step()
    await SettledMover(world.shard, reviews, file_cases=1).step()
    await SettledMover(world.shard, reviews, file_cases=1).step()
    assert len(await reviews.find(["c1", "c3", "o1"])) == 3
    await world.delete()
    assert await reviews.find(["c1", "c3"]) == [tombstone("c1"), tombstone("c3")]
    assert await reviews.find(["o1"]) != [tombstone("o1")]
    assert (await world.verified(valkey_url)).deleted == 4


async def test_every_chain_still_verifies_and_tells_how_many_went(world: OldWorld, valkey_url: str) -> None:
    before = await world.verified(valkey_url)
    await world.delete()
    await world.intake.append(batch(record("new"), gateway="h"))
    after = await world.verified(valkey_url)
    assert (before.entries, before.deleted) == (7, 0)
    assert (after.entries, after.deleted) == (4, 4)


async def test_what_is_held_stays_and_goes_once_it_is_not(world: OldWorld, valkey_url: str) -> None:
    world.held = {"c2", "c3"}
    assert await world.delete() == 2
    assert await world.found() == ["c2", "c20", "c3", "o1", "o2"]
    assert (await world.verified(valkey_url)).deleted == 2
    world.held = {"c3"}
    assert await world.delete() == 1
    world.held = set()
    assert await world.delete() == 1
    assert await world.found() == ["c20", "o1", "o2"]
    assert (await world.verified(valkey_url)).deleted == 4


async def test_a_key_of_a_deleted_case_has_no_second_effect(world: OldWorld) -> None:
    await world.delete()
    with pytest.raises(CaseExists):
        await world.intake.append(batch(record("c1"), gateway="h"))


async def test_readers_that_start_afterwards_say_which_days_they_lack(world: OldWorld) -> None:
    await world.delete()
    intake = world.intake
    await intake.cases(0, 100)
    assert intake.deleted == {("1970-01-01", "digits"): 2, ("1970-01-02", "digits"): 2}
    assert intake.lost == {}


class OneShard:
    """What hitl.machine.shards.Shards answers where there is one."""

    def __init__(self, shard: Shard[Any]) -> None:
        self._shard = shard

    async def ask(self, name: str, question: Any) -> Any:
        return await self._shard.ask(question)


async def figures_of(world: OldWorld, folder: Path | None) -> list[Any]:
    """What an evidence that starts now knows of digits."""
    shards: Any = OneShard(world.shard)
    evidence = TaskEvidence({task: spec(task) for task in ("digits", "other")}, shards, [world.intake], folder=folder)
    traffic, answers = await evidence.traffic("digits"), await evidence.answers("digits")
    evidence.close()
    return [traffic.cells, traffic.recent, answers]


async def test_figures_that_were_derived_before_let_go_of_what_went(world: OldWorld, tmp_path: Path) -> None:
    folder = tmp_path / "figures"
    _, _, answers = await figures_of(world, folder)
    assert sorted(each.case_id for each in answers) == ["c1", "c3"]
    for held in ({"c2", "c3"}, {"c3"}, set[str]()):
        world.held = held
        await world.delete()
        assert await figures_of(world, folder) == await figures_of(world, None)
    assert (await figures_of(world, folder))[2] == []


async def test_a_reader_that_holds_a_segment_in_memory_passes_over_what_went(world: OldWorld) -> None:
    intake = world.intake
    assert len(await intake.cases(0, 100)) == len(ALL)
    await world.delete()
    assert len(await intake.cases(0, 100)) == len(ALL) - len(OLD)


async def test_an_archiver_that_starts_afterwards_goes_on(world: OldWorld, valkey_url: str) -> None:
    await world.delete()
    await world.intake.append(batch(replace(record("c30", "automatic"), at=30 * DAY_S), gateway="h"))
    await asyncio.to_thread(lambda: [path.unlink() for path in Path(world.uri).rglob("*.idx")])
    await world.archive_all()
    assert await world.in_store() == []
    assert (await world.verified(valkey_url)).entries == 4


POINTS = (
    "deletion.before_record",
    "deletion.after_record",
    "deletion.after_border",
    "deletion.before_forget",
    "deletion.after_forget",
)


@pytest.mark.parametrize("point", POINTS)
async def test_what_a_crash_cuts_short_is_done_by_the_next_step(
    world: OldWorld, valkey_url: str, disarmed: None, point: str
) -> None:
    def die() -> None:
        raise KeyboardInterrupt

    ARMED[point] = die
    with pytest.raises(KeyboardInterrupt):
        await world.delete()
    ARMED.clear()
    await world.verified(valkey_url)
    await world.delete()
    assert await world.found() == ["c20", "o1", "o2"]
    assert sorted(await world.client.hkeys(names.wrapped_keys(0))) == [b"c20", b"o1", b"o2"]  # type: ignore[misc]
    assert await Border(world.client, 0).unfinished_deletions() == []
    assert (await world.verified(valkey_url)).deleted == 4


def first_key_file(world: OldWorld) -> Path:
    return Path(min(glob(f"{world.uri}/cases-keys/intake-0/*.keys")))


async def test_a_file_of_keys_that_does_not_open_holds_up_no_other_deletion(world: OldWorld, valkey_url: str) -> None:
    border = Border(world.client, 0)
    mover = KeyMover(world.shard, border, CaseArchive(world.uri, 0, border.deletions), open_keys(world.client, 0, world.uri))
    while await mover.step():
        pass
    broken = first_key_file(world)
    whole = broken.read_bytes()
    broken.write_bytes(whole[:-1])
    for world.held in ({"c2"}, set[str]()):
        with pytest.raises(SealBroken):
            await world.delete()
        assert len(await border.unfinished_deletions()) == 2
        assert len(glob(f"{world.uri}/cases/*/task=digits/*")) == 4
        with pytest.raises(SealBroken):
            await open_keys(world.client, 0, world.uri).find(1, "c1")
        assert await open_keys(world.client, 0, world.uri).find(5, "c4") is None
    broken.write_bytes(whole)
    await world.delete()
    assert await border.unfinished_deletions() == []
    assert await world.found() == ["c20", "o1", "o2"]
    assert [Path(place).parts[-3] for place in glob(f"{world.uri}/cases/*/task=digits/*")] == ["day=1970-01-21"]
    keys = open_keys(world.client, 0, world.uri)
    assert [await keys.find(seq, name) for seq, name in ((1, "c1"), (2, "c2"), (4, "c3"))] == [None] * 3
    assert (await world.verified(valkey_url)).deleted == 4


async def test_a_deletion_that_is_not_on_the_record_does_not_verify(world: OldWorld, valkey_url: str) -> None:
    await world.delete()
    border = Border(world.client, 0)
    archive = CaseArchive(world.uri, 0)
    place, digest = next(iter((await border.all_deletions()).items()))
    other = replace(await archive.deletion(digest), previous="f" * 64)
    await archive.write_deletion(other)
    await border.note_deletion(place, other.name)
    with pytest.raises(ChainBroken):
        await world.verified(valkey_url)


async def test_a_backup_has_what_stays(world: OldWorld, valkey_url: str, tmp_path: Path) -> None:
    world.held = {"c2"}
    await world.delete()
    await world.end()
    await back_up(world.client, Places(world.uri, str(tmp_path / "artifacts")), tmp_path / "backup", TODAY)
    await world.client.flushall()
    places = Places(str(tmp_path / "restored"), str(tmp_path / "artifacts-2"))
    await restore(world.client, places, tmp_path / "backup", Why("ann", "a test", TODAY))
    world.uri = places.archive
    assert [case.record.case_id for case in await world.intake.cases(0, 100)] == ["c2", "o1", "o2", "c20"]
    assert (await world.verified(valkey_url)).deleted == 3


async def test_what_people_answered_to_deleted_cases_is_passed_over(world: OldWorld) -> None:
    assert len((await world.shard.ask(SettledLabels("digits", 0, 100))).labelled) == 2
    await world.delete()
    page = await world.shard.ask(SettledLabels("digits", 0, 1))
    assert (page.labelled, page.next) == ([], 2)
    assert (await world.shard.ask(Examples("digits", 0, 1))).examples == []


class TwoShards:
    """The access shard holds what it is told to; the review shard is the world's."""

    def __init__(self, world: OldWorld, held: HeldCases) -> None:
        self._world, self._held = world, held

    async def ask(self, shard: str, question: Any) -> Any:
        return self._held if shard == ACCESS else await self._world.shard.ask(question)

    async def submit(self, shard: str, envelope: Any) -> Any:
        return await self._world.shard.submit(envelope)


HELD_DAY = DaysHold("digits", "1970-01-02", "1970-01-05", 4e9, "olga", "a court asked", 0.0)
HELD_CASE = CaseHold("c2", "digits", 4e9, "olga", "a court asked", 0.0)


async def run_keeper(world: OldWorld, held: HeldCases) -> None:
    terms = {"digits": {"archive_days": 30}, "other": {}}
    tasks = {name: spec(name, retention=each) for name, each in terms.items()}
    shards: Any = TwoShards(world, held)
    await DeleteOldCases(shards, tasks, world.client, 1, world.uri, world._release, lambda: TODAY).once()


async def test_the_keeper_passes_over_held_cases_and_held_days(world: OldWorld) -> None:
    await run_keeper(world, HeldCases(["c2"], [HELD_CASE], [HELD_DAY]))
    assert await world.found() == ["c2", "c20", "c3", "c4", "o1", "o2"]
    await run_keeper(world, HeldCases([]))
    assert await world.found() == ["c20", "o1", "o2"]


async def test_what_came_back_to_memory_stays(world: OldWorld) -> None:
    await world.submit(Amend("c1-1", "ann", "1", "a mistake"))
    await run_keeper(world, HeldCases([]))
    assert await world.found() == ["c1", "c20", "o1", "o2"]


async def test_a_partition_that_fails_holds_up_no_other(world: OldWorld) -> None:
    shards: Any = TwoShards(world, HeldCases([]))
    tasks = {"digits": spec("digits", retention={"archive_days": 30})}
    keeper = DeleteOldCases(shards, tasks, world.client, 1, world.uri, world._release, lambda: TODAY)

    class Broken:
        async def step(self, is_over: Any) -> int:
            raise SealBroken("a file of keys", "it was changed")

    keeper._deleters.insert(0, Broken())  # type: ignore[arg-type]
    with pytest.raises(SealBroken):
        await keeper.once()
    assert await world.found() == ["c20", "o1", "o2"]
