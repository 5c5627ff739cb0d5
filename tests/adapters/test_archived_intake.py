"""An intake with an archive behind it keeps the contract of every intake; its index stays a few files."""

from pathlib import Path

import pytest
from redis.asyncio import Redis

from hitl.adapters.files.archived_intake import ArchivedIntake
from hitl.adapters.files.case_index import MERGED, CaseIndex
from hitl.adapters.valkey import names
from hitl.adapters.valkey.serving import ValkeyServing
from hitl.adapters.valkey.whole_intake import open_intake
from hitl.intake import RoutedRow
from hitl.intake.recent_rows import RecentRows
from tests.contracts.intake_contract import IntakeContract, batch, record


class TestArchivedIntake(IntakeContract):
    @pytest.fixture
    def serving(self, valkey: Redis) -> ValkeyServing:
        return ValkeyServing(valkey, 3)

    @pytest.fixture
    def intake(self, valkey: Redis, tmp_path: Path) -> ArchivedIntake:
        return open_intake(valkey, 2, str(tmp_path))


async def test_followers_that_share_what_they_read_ask_the_store_once(valkey: Redis, tmp_path: Path) -> None:
    rows = RecentRows()
    one, other, alone = (open_intake(valkey, 2, str(tmp_path), shared=shared) for shared in (rows, rows, None))
    await one.append(batch(record("a"), record("b")))
    read = await one.routed(0, 10)
    await valkey.delete(names.cases(2))
    assert [row.case.case_id for row in await other.routed(0, 10)] == ["a", "b"] == [row.case.case_id for row in read]
    assert await alone.routed(0, 10) == []


async def test_the_end_of_a_partition_is_read_once(valkey: Redis, tmp_path: Path) -> None:
    intake, asked = open_intake(valkey, 2, str(tmp_path)), list[int]()
    await intake.append(batch(record("a"), record("b")))
    read = intake._recent.routed

    async def routed(after: int, limit: int) -> list[RoutedRow]:
        asked.append(after)
        return await read(after, limit)

    intake._recent.routed = routed  # type: ignore[method-assign]
    assert [row.seq for row in await intake.routed(0, 10)] == [1, 2]
    assert asked == [0]


async def test_runs_are_merged_so_that_few_are_searched(tmp_path: Path) -> None:
    index, rows = CaseIndex(str(tmp_path), 0), 4
    for start in range(1, 200 * rows, rows):
        await index.add(start, start + rows - 1, [(f"c{start + each}", start + each) for each in range(rows)])
    fresh = CaseIndex(str(tmp_path), 0)
    await fresh.refresh()
    assert fresh.covered == 200 * rows
    assert len(fresh._runs) < 3 * MERGED
    assert fresh.find(["c1", "c800", "c801"]) == {"c1": 1, "c800": 800}


async def test_an_index_with_a_gap_covers_what_is_before_it(tmp_path: Path) -> None:
    index = CaseIndex(str(tmp_path), 0)
    await index.add(1, 2, [("a", 1), ("b", 2)])
    await index.add(4, 4, [("d", 4)])
    assert index.covered == 2
    assert index.find(["a", "d"]) == {"a": 1}
