"""Every case for people becomes one review, whatever fails on the way."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hitl.adapters.ray.intake_follower import IntakeFollower, Learn
from hitl.errors import ChainBroken, StoreUnavailable
from hitl.intake.memory import MemoryIntake
from hitl.journal.memory import MemoryJournal
from hitl.machine import Envelope, Phase, Shard
from hitl.review import Claim, Cursor, Decide, OutcomeOf, ReviewMachine
from hitl.tasks.book import Definition, TaskBook
from hitl.tasks.load import load_tasks
from hitl.tasks.spec import TaskSpec
from tests.contracts.intake_contract import batch, record
from tests.fakes.journals import TroubledJournal
from tests.machine.running import until
from tests.without_undo import without_undo

TASKS = without_undo(load_tasks(Path("configs/tasks").glob("*.yaml")))
LATER = 3
"""The serving generation from which on digits has one more label."""


@asynccontextmanager
async def following(
    journal: MemoryJournal, intake: MemoryIntake, tasks: Mapping[str, TaskSpec] = TASKS, learn: Learn | None = None
) -> AsyncIterator[Shard[Any]]:
    shard = Shard(ReviewMachine(tasks, 86_400.0), journal)
    follower = IntakeFollower(shard, intake, learn=learn)
    lives = [asyncio.create_task(shard.run()), asyncio.create_task(follower.run())]
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


def of_later(name: str) -> Any:
    """A case that was routed under the definition of LATER."""
    return replace(record(name), generation=LATER)


async def test_an_answer_that_a_new_definition_allows_counts_as_soon_as_the_review_is_open() -> None:
    book, intake = TaskBook(TASKS), MemoryIntake()
    wider = TASKS["digits"].model_copy(update={"labels": [*TASKS["digits"].labels, "unreadable"]})

    async def learn(task: str, generation: int) -> None:
        await asyncio.sleep(0.01)
        if generation >= LATER:
            book.learn([Definition(task, LATER, "d", wider)])

    async with following(MemoryJournal(), intake, book, learn) as shard:
        await intake.append(batch(record("a"), of_later("b")))
        await until(lambda: shard.seq == 2)
        claimed = await shard.submit(Envelope(Claim("digits", "ada", count=2), "claim", "", "ada", "r"))
        for review, label in zip(claimed.reviews, ("3", "unreadable"), strict=True):
            answer = Decide(review.review_id, review.lease.id, "ada", label)
            told = await shard.submit(Envelope(answer, f"answer:{review.case_id}", "", "ada", "r"))
            assert told.label == label


@pytest.mark.parametrize(("trouble", "asks"), [(StoreUnavailable("away"), 4), (ChainBroken("approval", 7), 2)])
async def test_definitions_that_cannot_be_read_lose_no_case(trouble: Exception, asks: int) -> None:
    """A store that is away is waited for; a definition that nobody can read holds no case up."""
    intake, asked = MemoryIntake(), list[tuple[str, int]]()

    async def learn(task: str, generation: int) -> None:
        asked.append((task, generation))
        if len(asked) < 3:
            raise trouble

    async with following(MemoryJournal(), intake, learn=learn) as shard:
        await intake.append(batch(record("a"), of_later("b"), record("c")))
        await until(lambda: shard.seq == 3)
    assert (set(asked), len(asked)) == ({("digits", 0), ("digits", LATER)}, asks)
