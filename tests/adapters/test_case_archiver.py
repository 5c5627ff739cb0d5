"""Cases leave the store for the archive: whatever cuts it short, no case is lost, and each is read once."""

import asyncio
import importlib
import shutil
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest
from redis.asyncio import Redis

from hitl.adapters.files.archived_intake import ArchivedIntake
from hitl.adapters.files.case_archive import CaseArchive
from hitl.adapters.valkey import names
from hitl.adapters.valkey.backup import Places, Why, back_up, restore
from hitl.adapters.valkey.border import Border
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.cli.commands.verify import verify_all
from hitl.crashpoints import ARMED
from hitl.errors import CaseExists, ChainBroken, Fenced, IndexBehind
from hitl.intake.chains import verify_intake
from hitl.machine import Phase, Shard
from hitl.review import ReviewMachine
from tests.adapters.archive_world import CASES, DAY_S, SMALL, World, cases, disarmed
from tests.contracts.intake_contract import batch, payload_of, record
from tests.fakes.reviews import spec
from tests.machine.running import until

__all__ = ["disarmed"]


@pytest.fixture
async def world(valkey: Redis, tmp_path: Path) -> AsyncIterator[World]:
    tasks = {task: spec(task, review={"undo_s": 0}) for task in ("digits", "other")}
    shard = Shard(ReviewMachine(tasks, DAY_S), ValkeyJournal(valkey, "review-0"), name="review-0")
    life = asyncio.create_task(shard.run())
    await until(lambda: shard.phase is Phase.SERVING)
    found = World(valkey, tmp_path, shard, life)
    await ValkeyIntake(valkey, 0).append(cases(1, CASES))
    yield found
    await found.end()


async def finished(world: World) -> World:
    """Everybody has answered."""
    await world.open_reviews()
    await world.answer_all()
    return world


async def whole(intake: ArchivedIntake) -> list[str]:
    return [case.record.case_id for case in await intake.cases(0, 1000)]


ALL = [f"c{number}" for number in range(1, CASES + 1)]


async def test_finished_cases_leave_and_are_read_as_before(world: World) -> None:
    before = await world.intake.find("c4")
    await (await finished(world)).archive_all()
    assert await world.in_store() == []
    assert not [key async for key in world.client.scan_iter("hitl:{intake-0}:case:*")]
    assert await world.client.xlen(names.refs(0)) == 0
    assert await world.intake.find("c4") == before
    assert await world.intake.case_at(7) == await world.intake.find("c7")
    assert await whole(world.intake) == ALL
    assert [case.seq for case in await world.intake.cases(3, 4)] == [4, 5, 6, 7]
    assert await world.intake.find("c99") is None


async def test_who_asks_for_cases_alone_is_told_of_those_that_left(world: World) -> None:
    intake = world.intake
    assert await intake.known(["c4", "c99"]) == {"c4"}
    await (await finished(world)).archive_all()
    assert await world.in_store() == []
    assert await intake.known(["c4", "c99"]) == await world.intake.known(["c4", "c99"]) == {"c4"}


async def test_nobody_says_that_a_case_is_not_there_while_the_index_is_made_anew(world: World) -> None:
    """As after a restore: the archive has its cases, and no index."""
    await (await finished(world)).archive_all()
    shutil.rmtree(Path(world.uri) / "cases-index")
    for asked in (world.intake.known(["c4"]), world.intake.known(["c99"]), world.intake.find("c4"), world.intake.find("c99")):
        with pytest.raises(IndexBehind):
            await asked
    await world.archive_all()
    assert await world.intake.known(["c4", "c99"]) == {"c4"}
    assert await world.intake.find("c99") is None


async def test_the_chain_holds_across_the_border(world: World) -> None:
    await (await finished(world)).archive_all()
    await world.intake.append(cases(13, 3))
    assert (await verify_intake("intake-0", world.intake))[0] == CASES + 3


async def test_cases_that_people_have_not_finished_with_stay(world: World) -> None:
    await world.open_reviews()
    await world.archive_all()
    assert await world.in_store() == ["c1", "c3", "c5", "c7", "c9", "c11"]
    assert await whole(world.intake) == ALL
    await world.answer_all()
    archiver = world.archiver()
    await archiver.step()
    assert await world.in_store() == []
    assert await whole(world.intake) == ALL


async def test_what_no_review_was_opened_for_stays(world: World) -> None:
    await world.archive_all()
    assert await world.in_store() == ALL


async def test_young_cases_stay(world: World) -> None:
    world.now = DAY_S
    await (await finished(world)).archive_all()
    assert await world.in_store() == ALL


async def test_cases_leave_by_bytes_however_young(world: World) -> None:
    world.now = 2.0
    await (await finished(world)).archive_all(replace(SMALL, max_bytes=1))
    assert await world.in_store() == []


async def test_what_the_counters_have_not_read_stays(world: World) -> None:
    world.counted = 4
    await (await finished(world)).archive_all()
    assert await world.in_store() == ALL[4:]


async def test_a_key_that_left_the_store_is_known_before_any_effect(world: World) -> None:
    gateway = world.intake
    await (await finished(world)).archive_all()
    with pytest.raises(CaseExists) as exists:
        await gateway.append(batch(record("c4"), record("new"), gateway="h"))
    assert exists.value.positions == {"c4": 4}
    assert await world.intake.find("new") is None
    assert (await gateway.append(batch(record("new"), gateway="h"))).seqs == [CASES + 1]


async def test_who_did_not_look_into_the_archive_appends_nothing(world: World) -> None:
    await (await finished(world)).archive_all()
    with pytest.raises(IndexBehind):
        await ValkeyIntake(world.client, 0).append(batch(record("c4"), gateway="h"))


POINTS = (
    "cases.before_archive",
    "cases.after_archive",
    "cases.before_border",
    "cases.after_border",
    "cases.before_drop",
    "cases.after_drop",
)


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("times", [1, 2])
async def test_a_crash_loses_nothing_and_doubles_nothing(world: World, disarmed: None, point: str, times: int) -> None:
    await finished(world)
    left = iter(range(1, 100))

    def die() -> None:
        if next(left) == times:
            raise KeyboardInterrupt

    ARMED[point] = die
    with pytest.raises(KeyboardInterrupt):
        await world.archive_all()
    ARMED.clear()
    assert await whole(world.intake) == ALL
    await world.intake.append(cases(13, 3))
    await world.open_reviews()
    await world.answer_all()
    await world.archive_all(replace(SMALL, segment_cases=4))
    assert await world.in_store() == []
    assert await whole(world.intake) == [*ALL, "c13", "c14", "c15"]
    assert (await verify_intake("intake-0", world.intake))[0] == CASES + 3
    assert sorted(ds.dataset(f"{world.uri}/cases", partitioning="hive").to_table()["seq"].to_pylist()) == list(
        range(1, CASES + 4)
    )


async def test_an_archiver_that_was_replaced_moves_nothing(world: World, disarmed: None) -> None:
    await finished(world)
    first, second = world.archiver(), world.archiver()
    await first.step()
    await second.step()
    with pytest.raises(Fenced):
        await first.step()
    await world.archive_all()
    assert await whole(world.intake) == ALL


async def test_the_archive_reads_by_day_and_task(world: World) -> None:
    await (await finished(world)).archive_all()
    table = ds.dataset(f"{world.uri}/cases", partitioning="hive").to_table(filter=ds.field("task") == "other")
    assert sorted(table["case_id"].to_pylist()) == ["c12", "c3", "c6", "c9"]
    assert set(table["day"].to_pylist()) == {"1970-01-01"}


async def rewrite(world: World, change: Any) -> None:
    """A well-formed file in place of the one with c4: the chain of its rows is made anew."""
    archive, segments = CaseArchive(world.uri, 0), await Border(world.client, 0).segments()
    name = min(segments)
    segment = await archive.segment(name, segments[name])
    links = await archive.links(name, segments[name])
    await CaseArchive(world.uri, 0).write(change(links), segment.epoch, segment.previous, segment.heads)


@pytest.mark.parametrize("change", ["label", "input"])
async def test_a_changed_row_is_noticed_when_it_is_read(world: World, change: str) -> None:
    await (await finished(world)).archive_all()

    def changed(links: list[Any]) -> list[Any]:
        body, payload = links[3].body.replace(b'"prediction":"3"', b'"prediction":"7"'), payload_of("other")
        other = links[3].__class__(links[3].seq, links[3].gateway, links[3].counter, body, links[3].hash, links[3].payload)
        return [*links[:3], other if change == "label" else replace(links[3], payload=payload), *links[4:]]

    await rewrite(world, changed)
    with pytest.raises(ChainBroken):
        await world.intake.find("c4")
    with pytest.raises(ChainBroken):
        await whole(world.intake)
    with pytest.raises(ChainBroken):
        await verify_intake("intake-0", world.intake)


async def test_a_lost_file_is_passed_over_and_told_of(world: World) -> None:
    await (await finished(world)).archive_all()
    await asyncio.to_thread(lambda: next(Path(world.uri).glob("cases/*/task=other/*")).unlink())
    intake = world.intake
    assert len(await whole(intake)) < CASES
    assert len(intake.lost) == 1
    with pytest.raises(ChainBroken):
        await verify_intake("intake-0", world.intake)


async def test_a_changed_case_in_the_stream_never_reaches_the_archive(world: World) -> None:
    await finished(world)
    rows = await world.client.xrange(names.cases(0))
    await world.client.delete(names.cases(0))
    for name, fields in rows:
        await world.client.xadd(names.cases(0), fields | {b"p": payload_of("other")}, id=name)
    with pytest.raises(ChainBroken):
        await world.archive_all()
    assert await world.in_store() == ALL


async def test_an_uncounted_segment_is_kept_where_the_store_lost_its_cases(world: World) -> None:
    await (await finished(world)).archive_all()
    await world.client.delete(names.border(0), names.segments(0))
    with pytest.raises(ChainBroken):
        await world.archive_all()
    assert await CaseArchive(world.uri, 0).names()


async def verified(world: World, url: str) -> dict[str, int]:
    rows = await asyncio.to_thread(verify_all, url, 1, world.uri)
    return {row.chain.split(" (")[0]: row.entries for row in rows if row.entries}


async def test_the_whole_history_verifies(world: World, valkey_url: str) -> None:
    await (await finished(world)).archive_all()
    await world.intake.append(cases(13, 3))
    assert (await verified(world, valkey_url))["intake partition 0"] == CASES + 3


async def renamed(world: World) -> None:
    """A list of files of its own, which the store names too: whoever has both cannot write the signed record."""
    segments, archive = await Border(world.client, 0).segments(), CaseArchive(world.uri, 0)
    name = max(segments)
    old = await archive.segment(name, segments[name])
    links = [replace(link, payload=None) for link in await archive.links(name, segments[name])]
    new = await CaseArchive(world.uri, 0).write(links, old.epoch, old.previous, old.heads)
    await world.client.hset(names.segments(0), name, new.digest)  # type: ignore[misc]


async def forgotten(world: World) -> None:
    """The store does not name the oldest segment any more."""
    await world.client.hdel(names.segments(0), min(await Border(world.client, 0).segments()))  # type: ignore[misc]


@pytest.mark.parametrize("change", [renamed, forgotten])
async def test_an_archive_that_is_not_on_the_record_does_not_verify(world: World, valkey_url: str, change: Any) -> None:
    await (await finished(world)).archive_all()
    await verified(world, valkey_url)
    await change(world)
    with pytest.raises(ChainBroken):
        await verified(world, valkey_url)


@pytest.mark.parametrize("moment", ["while", "before"])
async def test_cases_that_leave_while_a_backup_is_taken_are_in_it_once(
    world: World, valkey_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """While the stream is read, or after the border was looked at and before the stream is."""
    await (await finished(world)).archive_all(replace(SMALL, max_age_s=3 * DAY_S))
    archiver = world.archiver()
    await archiver.step()
    copy, backup = (
        importlib.import_module("hitl.adapters.valkey.store_copy"),
        importlib.import_module("hitl.adapters.valkey.backup"),
    )
    rows, marked = copy._rows, backup.mark_of

    async def rows_while_cases_leave(*what: Any) -> AsyncIterator[Any]:
        async for row in rows(*what):
            yield row
            while await archiver.step():
                pass

    async def leave_once_marked(*what: Any) -> Any:
        mark = await marked(*what)
        while await archiver.step():
            pass
        return mark

    if moment == "while":
        monkeypatch.setattr(copy, "_rows", rows_while_cases_leave)
    else:
        monkeypatch.setattr(backup, "mark_of", leave_once_marked)
    await back_up(world.client, Places(world.uri, str(tmp_path / "models")), tmp_path / "backup", 1_000.0)
    assert await world.in_store() == []
    await world.end()
    await world.client.flushall()
    there = Places(str(tmp_path / "there"), str(tmp_path / "other"))
    await restore(world.client, there, tmp_path / "backup", Why("ann", "the disk is gone", 2_000.0))
    found = World(world.client, Path(there.archive), world.shard)
    assert await whole(found.intake) == ALL
    assert (await verified(found, valkey_url))["intake partition 0"] == CASES


async def test_a_row_that_does_not_read_is_told_of_and_stops_nothing(world: World) -> None:
    await finished(world)
    rows = await world.client.xrange(names.cases(0))
    await world.client.delete(names.cases(0))
    for name, fields in rows:
        await world.client.xadd(names.cases(0), fields | {b"b": b"no record"}, id=name)
    archiver = world.archiver()
    running = asyncio.create_task(archiver.run())
    await until(lambda: archiver.trouble is not None)
    assert not running.done()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert len(await world.client.xrange(names.cases(0))) == CASES
