"""Every case for people becomes one review, whatever fails on the way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from hitl.adapters.ray.intake_follower import IntakeFollower
from hitl.intake.memory import MemoryIntake
from hitl.journal.memory import MemoryJournal
from hitl.machine import Phase, Shard
from hitl.review import Cursor, OutcomeOf, ReviewMachine
from hitl.tasks.load import load_tasks
from tests.contracts.intake_contract import batch, record
from tests.fakes.journals import TroubledJournal
from tests.machine.running import until

TASKS = load_tasks(Path("configs/tasks").glob("*.yaml"))


@asynccontextmanager
async def following(journal: MemoryJournal, intake: MemoryIntake) -> AsyncIterator[Shard[Any]]:
    shard = Shard(ReviewMachine(TASKS, 86_400.0), journal)
    lives = [asyncio.create_task(shard.run()), asyncio.create_task(IntakeFollower(shard, intake).run())]
    await until(lambda: shard.phase is Phase.SERVING)
    yield shard
    for life in lives:
        life.cancel()
        with suppress(asyncio.CancelledError):
            await life


async def test_cases_for_people_are_opened_as_they_come() -> None:
    intake = MemoryIntake()
    async with following(MemoryJournal(), intake) as shard:
        await intake.append(batch(record("a"), record("b", "automatic")))
        await until(lambda: shard.seq == 1)
        await intake.append(batch(record("c", "expert"), gateway="h"))
        await until(lambda: shard.seq == 2)
        assert (await shard.ask(OutcomeOf("a"))).status == "pending_human"
        assert (await shard.ask(Cursor())).position == 3


async def test_a_restart_opens_no_case_twice_and_misses_none() -> None:
    intake, journal = MemoryIntake(), MemoryJournal()
    await intake.append(batch(*(record(f"c{i}") for i in range(300))))
    async with following(journal, intake) as shard:
        await until(lambda: shard.seq >= 256)
    async with following(journal, intake) as shard:
        await until(lambda: shard.seq == 300)
        await asyncio.sleep(0.02)
        assert shard.seq == 300


@pytest.mark.parametrize("trouble", [{"fail_appends": 2}, {"lose_replies": 2}, {"fail_appends": 1, "fail_reads": 2}])
async def test_troubles_of_the_store_lose_no_case(trouble: dict[str, int]) -> None:
    intake, journal = MemoryIntake(), TroubledJournal()
    async with following(journal, intake) as shard:
        for name, times in trouble.items():
            setattr(journal, name, times)
        await intake.append(batch(*(record(f"c{i}") for i in range(600))))
        await until(lambda: shard.seq == 600 and shard.phase is Phase.SERVING)
        assert (await shard.ask(Cursor())).position == 600
