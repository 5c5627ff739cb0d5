"""A shard's past over a real store and real files: two snapshots, an archive without gaps, and recovery from either."""

import asyncio
import json
from itertools import product
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from redis.asyncio import Redis

from hitl.adapters.files.archive import AnchorFile, ArchivedEntries, SnapshotFiles
from hitl.adapters.files.archived_journal import ArchivedJournal
from hitl.adapters.ray.snapshot_keeper import run_aside
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.adapters.valkey.snapshotting import Made, SnapshotPlan, make
from hitl.errors import ChainBroken
from hitl.journal import GENESIS, Commit, Journal, follow
from hitl.journal.verify import verify
from hitl.machine import Past
from hitl.machine.recovery import recover
from tests.contracts.journal_contract import JournalContract
from tests.fakes.counter import Add, CounterMachine, envelope
from tests.machine.running import running

COUNTER = "tests.fakes.counter:CounterMachine"


@pytest.fixture
def plan(valkey_url: str, tmp_path: Path) -> SnapshotPlan:
    return SnapshotPlan("s", COUNTER, valkey_url, str(tmp_path / "archive"))


@pytest.fixture
def journal(valkey: Redis, plan: SnapshotPlan) -> ArchivedJournal:
    return ArchivedJournal(ValkeyJournal(valkey, "s"), ArchivedEntries(plan.archive_uri, "s"))


async def grow(journal: Journal, count: int) -> None:
    async with running(journal, name="s") as shard:
        await asyncio.gather(*(shard.submit(envelope(Add(1), f"{shard.epoch}-{i}")) for i in range(count)))


def files(plan: SnapshotPlan, kind: str) -> list[Path]:
    return sorted(Path(plan.archive_uri, kind, "s").iterdir())


async def total(journal: Journal, plan: SnapshotPlan) -> int:
    past = Past(SnapshotFiles(plan.archive_uri, "s"))
    found: int = (await recover(CounterMachine(), "s", journal, lambda seq, commit: None, past)).state.total
    return found


class TestArchivedJournal(JournalContract):
    @pytest.fixture
    def journal(self, valkey: Redis, tmp_path: Path) -> ArchivedJournal:
        return ArchivedJournal(ValkeyJournal(valkey, "s"), ArchivedEntries(str(tmp_path), "s"))

    @pytest.fixture
    def rival(self, valkey: Redis, tmp_path: Path) -> ArchivedJournal:
        return ArchivedJournal(ValkeyJournal(valkey, "s"), ArchivedEntries(str(tmp_path), "s"))


async def test_two_snapshots_are_kept_and_what_is_below_the_older_one_leaves_the_store(
    journal: ArchivedJournal, plan: SnapshotPlan, valkey: Redis
) -> None:
    await grow(journal, 30)
    assert await make(plan) == Made(30, 0, 0, [])
    await grow(journal, 20)
    assert await make(plan) == Made(50, 30, 29, [])
    await grow(journal, 5)
    assert await make(plan) == Made(55, 50, 20, [])
    assert await SnapshotFiles(plan.archive_uri, "s").seqs() == [55, 50]
    assert (await ValkeyJournal(valkey, "s").read(0, 1))[0].seq == 50
    assert (await verify("s", journal))[0] == await total(journal, plan) == 55


async def test_a_read_crosses_the_borders_of_segments_and_of_the_store(journal: ArchivedJournal, plan: SnapshotPlan) -> None:
    for count in (3, 1, 5, 2):
        await grow(journal, count)
        await make(plan)
    assert [file.stem[-1] for file in files(plan, "journal")] == ["3", "4", "9"]
    for after, limit in product(range(12), range(1, 13)):
        assert [entry.seq for entry in await journal.read(after, limit)] == list(range(1, 12))[after : after + limit]


async def test_the_end_of_the_archive_is_its_last_entry_whichever_file_has_it(tmp_path: Path) -> None:
    archive, body = ArchivedEntries(str(tmp_path), "s"), Commit(1.0, 1, "ann", "r", "Add", "1", "f", {}, []).encode()
    entries = [follow(GENESIS, 1, body)]
    for seq in range(2, 6):
        entries.append(follow(entries[-1].hash, seq, body))
    for first, end in ((0, 5), (2, 4)):  # the second writer began where a third had ended, and was slower
        await archive.add(entries[first:end])
    assert await archive.end() == (5, entries[-1].hash)


async def test_what_is_made_twice_is_made_once(journal: ArchivedJournal, plan: SnapshotPlan) -> None:
    await grow(journal, 3)
    assert await make(plan) == await make(plan)
    await grow(journal, 2)
    results = await asyncio.gather(make(plan), make(plan))
    assert [made.archived_to for made in results] == [3, 3]
    assert (await verify("s", journal))[0] == 5


@pytest.mark.parametrize("damaged", [1, 2])
async def test_damaged_snapshots_are_replaced_and_nothing_is_missing(
    journal: ArchivedJournal, plan: SnapshotPlan, damaged: int
) -> None:
    for count in (6, 4, 3):
        await grow(journal, count)
        await make(plan)
    for file in files(plan, "snapshots")[-damaged:]:
        file.write_bytes(file.read_bytes()[:-9] + b"flipped!!")
    assert await total(journal, plan) == 13
    assert len((await make(plan)).damaged) == damaged
    assert await total(journal, plan) == 13


async def test_a_changed_byte_of_any_column_of_the_archive_is_found(journal: ArchivedJournal, plan: SnapshotPlan) -> None:
    for count in (6, 4):
        await grow(journal, count)
        await make(plan)
    (segment,) = files(plan, "journal")
    whole, group = segment.read_bytes(), pq.read_metadata(segment).row_group(0)
    for column in map(group.column, range(group.num_columns)):
        changed = bytearray(whole)
        first = column.data_page_offset if column.dictionary_page_offset is None else column.dictionary_page_offset
        changed[first + column.total_compressed_size - 1] ^= 1
        segment.write_bytes(bytes(changed))
        with pytest.raises(ChainBroken):
            await verify("s", ArchivedJournal(journal._recent, ArchivedEntries(plan.archive_uri, "s")))


async def test_the_archive_can_be_searched_by_who_and_what(journal: ArchivedJournal, plan: SnapshotPlan) -> None:
    for count in (3, 1):
        await grow(journal, count)
        await make(plan)
    (segment,) = files(plan, "journal")
    rows = pq.read_table(segment).to_pylist()
    commits = [Commit.decode(entry.body) for entry in await journal.read(0, 3)]
    assert [row["seq"] for row in rows] == [1, 2, 3]
    assert [(row["by"], row["command"]) for row in rows] == [(commit.by, commit.command) for commit in commits]
    assert [row["at"].timestamp() for row in rows] == pytest.approx([commit.at for commit in commits], abs=2e-6, rel=0)
    assert [json.loads(row["body"])["events"] for row in rows] == [commit.events for commit in commits]


async def test_a_lost_archive_is_a_broken_chain_and_not_a_short_history(journal: ArchivedJournal, plan: SnapshotPlan) -> None:
    for count in (6, 4):
        await grow(journal, count)
        await make(plan)
    files(plan, "journal")[0].unlink()
    with pytest.raises(ChainBroken):
        await verify("s", journal)


async def test_the_program_that_the_actor_starts_does_the_same(journal: ArchivedJournal, plan: SnapshotPlan) -> None:
    await grow(journal, 7)
    status, out, err = await run_aside(plan)
    assert (status, json.loads(out or "{}").get("seq")) == (0, 7), err


async def test_an_anchor_is_what_was_noted_last(tmp_path: Path) -> None:
    anchor = AnchorFile(str(tmp_path), "s")
    assert await anchor.read() is None
    await anchor.write(7, "a" * 64)
    await anchor.write(9, "b" * 64)
    assert await anchor.read() == (9, "b" * 64)
