"""What keeps a shard's past: an anchor that follows, and a trouble that is told for as long as it lasts."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from hitl.adapters.files.archive import AnchorFile
from hitl.adapters.ray import snapshot_keeper
from hitl.adapters.ray.shard_spec import Retention, ShardSpec
from hitl.adapters.ray.snapshot_keeper import SnapshotKeeper
from hitl.machine import Phase
from tests.fakes.counter import CounterMachine
from tests.machine.running import until


class StandingShard:
    phase, seq, head = Phase.SERVING, 7, "a" * 64


@pytest.fixture
def keeper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SnapshotKeeper:
    monkeypatch.setattr(snapshot_keeper, "ANCHOR_EVERY_S", 0.01)
    spec = ShardSpec("custom", "s", "redis://nowhere", machine=CounterMachine)
    return SnapshotKeeper(spec, Retention(str(tmp_path / "archive")))


async def test_an_anchor_that_cannot_be_written_is_told_of_until_it_is(keeper: SnapshotKeeper, tmp_path: Path) -> None:
    place, shard = tmp_path / "archive", StandingShard()
    place.write_text("a file where the directory should be")
    stand: Any = shard
    life = asyncio.create_task(keeper.run(stand))
    await until(lambda: "anchor" in keeper.troubles)
    place.unlink()
    await until(lambda: not keeper.troubles)
    assert await AnchorFile(str(place), "s").read() == (7, "a" * 64)
    life.cancel()
    await asyncio.wait([life])
