"""Closed interactions, cases and workflows move on from the store to files, whatever cuts it short, and read there as before."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from hitl.adapters.files.settled_files import SettledFiles
from hitl.adapters.ray import shard_runner
from hitl.adapters.ray.shard_runner import ShardRunner
from hitl.adapters.ray.shard_spec import Retention, workflow_spec
from hitl.adapters.valkey import archiver, stepping
from hitl.adapters.valkey.archive_check import check_kept
from hitl.adapters.valkey.archived_workflows import WorkflowArchive
from hitl.adapters.valkey.backup import Places, Why, back_up, restore
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.adapters.valkey.settled_mover import SettledMover
from hitl.adapters.valkey.settled_objects import open_settled
from hitl.cli.commands.verify import verify_all
from hitl.crashpoints import ARMED
from hitl.errors import ChainBroken
from hitl.machine import Phase
from hitl.workflow.questions import ListInteractions
from tests.adapters.archive_world import disarmed
from tests.adapters.test_archived_workflows import CLOSED, Running, archived_whole, begin, serving
from tests.fakes.workflows import OLGA
from tests.machine.running import until

__all__ = ["disarmed"]


def crash() -> None:
    raise KeyboardInterrupt


class Moved:
    """A workflow shard over a store, whose objects are all over and have left its memory; a file has four of them."""

    def __init__(self, running: Running, settled: Any, before: list[Any]) -> None:
        self.running, self.settled, self.before = running, settled, before
        self.mover = SettledMover(running.shard, settled, 4)

    async def move(self) -> int:
        count = 0
        while moved := await self.mover.step():
            count += moved
        return count


@pytest.fixture
async def moved(valkey: Redis, tmp_path: Path) -> AsyncIterator[Moved]:
    settled = open_settled(valkey, "workflow", str(tmp_path / "archive"))
    async with serving(settled, ValkeyJournal(valkey, "workflow")) as running:
        await begin(running)
        before = await running.told()
        await archived_whole(running)
        yield Moved(running, settled, before)


async def test_they_move_on_to_files(moved: Moved, valkey_url: str, tmp_path: Path) -> None:
    assert await moved.move() == CLOSED
    assert len(list(Path(tmp_path, "archive/workflows/workflow").glob("*.parquet"))) == 3  # noqa: ASYNC240 - three files
    assert await moved.running.told() == moved.before
    await asyncio.to_thread(verify_all, valkey_url, 1, str(tmp_path / "archive"))


async def test_lists_read_only_files_that_may_have_something_newer(moved: Moved, monkeypatch: pytest.MonkeyPatch) -> None:
    await moved.move()
    read, listed = [], SettledFiles.listed

    async def counted(self: SettledFiles, file: Any) -> Any:
        read.append(file.number)
        return await listed(self, file)

    monkeypatch.setattr(SettledFiles, "listed", counted)
    shown = await moved.running.shard.ask(ListInteractions(OLGA, "completed", None, 1))
    assert [each.interaction_id for each in shown.interactions] == ["failed-train-1-failure"]
    assert len(read) == 1


async def test_a_file_that_was_changed_is_noticed_by_lists_and_by_the_proof(
    moved: Moved, valkey_url: str, tmp_path: Path
) -> None:
    await moved.move()
    for file in Path(tmp_path, "archive/workflows/workflow").glob("*.parquet"):  # noqa: ASYNC240 - a few files
        file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(ChainBroken):
        await moved.running.shard.ask(ListInteractions(OLGA))
    with pytest.raises(ChainBroken):
        await asyncio.to_thread(verify_all, valkey_url, 1, str(tmp_path / "archive"))


@pytest.mark.parametrize("point", ["reviews.before_count", "reviews.after_count"])
async def test_a_crash_while_they_move_loses_and_doubles_nothing(
    moved: Moved, valkey: Redis, tmp_path: Path, disarmed: None, point: str
) -> None:
    ARMED[point] = crash
    with pytest.raises(KeyboardInterrupt):
        await moved.mover.step()
    ARMED.clear()
    settled = open_settled(valkey, "workflow", str(tmp_path / "archive"))
    moved.running.shard._attic = WorkflowArchive(settled)
    moved.mover = SettledMover(moved.running.shard, settled, 4)
    await moved.move()
    assert await moved.running.told() == moved.before
    assert await check_kept("workflow", ValkeyJournal(valkey, "workflow"), settled) == CLOSED


async def test_a_backup_has_the_files_and_their_spans(moved: Moved, valkey: Redis, valkey_url: str, tmp_path: Path) -> None:
    await moved.move()
    await back_up(valkey, Places(str(tmp_path / "archive"), str(tmp_path / "artifacts")), tmp_path / "backup", 1_000.0)
    there = Places(str(tmp_path / "there"), str(tmp_path / "models"))
    await valkey.flushall()
    await restore(valkey, there, tmp_path / "backup", Why("ann", "the disk is gone", 2_000.0))
    settled = open_settled(valkey, "workflow", there.archive)
    async with serving(settled, ValkeyJournal(valkey, "workflow")) as running:
        assert await running.told() == moved.before
    await asyncio.to_thread(verify_all, valkey_url, 1, there.archive)


async def test_the_shard_as_it_is_deployed_keeps_what_its_terms_say(
    valkey: Redis, valkey_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archiver, "EVERY_S", 0.01)
    monkeypatch.setattr(stepping, "EVERY_S", 0.01)
    monkeypatch.setattr(shard_runner, "SettledMover", partial(SettledMover, file_cases=4))
    actor = ShardRunner(replace(workflow_spec(valkey_url), keeping=Retention(str(tmp_path), workflows=0)))
    await until(lambda: actor._shard is not None and actor._shard.phase is Phase.SERVING)
    assert actor._shard is not None
    running = Running(actor._shard, None)
    await begin(running)
    await until(lambda: len(list(tmp_path.glob("workflows/workflow/*.parquet"))) == CLOSED // 4)
    assert await running.in_memory() == {"waits", "open", "open-human_review", "runs"}
    assert len((await actor.ask(ListInteractions(OLGA))).interactions) == 10
    assert (await actor.status())["troubles"] == {}
    actor.life.cancel()
    await asyncio.wait([actor.life])
