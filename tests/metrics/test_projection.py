"""Counters over a real store: each entry and case once, whoever counts and whenever they die."""

import asyncio
from typing import Any

import pytest
from redis.asyncio import Redis

from hitl.adapters.valkey.metrics import ValkeyMetrics
from hitl.intake import IntakeBatch
from hitl.intake.memory import MemoryIntake
from hitl.journal.entry import GENESIS, Commit, follow
from hitl.journal.memory import MemoryJournal
from hitl.metrics import figures
from hitl.metrics.gains import day_of
from hitl.routing.route import Action, Priority
from serve_app.reconcilers.metrics import MetricsTail
from tests.fakes.history import filled
from tests.review_app.conftest import _record


async def journal_of(*commits: Commit) -> MemoryJournal:
    journal, head = MemoryJournal("approval"), GENESIS
    for seq, commit in enumerate(commits, 1):
        entry = follow(head, seq, commit.encode())
        await journal.append(await journal.open_epoch(), seq - 1, [entry])
        head = entry.hash
    return journal


def commit(at: float, **event: Any) -> Commit:
    return Commit(at, 1, "ann", "r", "c", f"{at}", "f", {}, [filled({"task": "digits", **event})])


async def intake_of(cases: int) -> MemoryIntake:
    intake = MemoryIntake()
    for n in range(cases):
        record = _record(f"k{n}", Action.AUTOMATIC if n % 5 else Action.REVIEW, None if n % 5 else Priority.NORMAL)
        await intake.append(IntakeBatch("g", {}, [record], [b"{}"], n + 1, [""]))
    return intake


@pytest.mark.covers("D18")
async def test_two_counters_of_the_same_history_count_it_once(valkey: Redis) -> None:
    asked = commit(10.0, type="ApprovalRequested", approval_id="a", kind="model_deployment")
    journal = await journal_of(asked, commit(70.0, type="ApprovalApproved", approval_id="a"))
    intake = await intake_of(20)
    tails = [MetricsTail(ValkeyMetrics(valkey), {"approval": journal}, [intake]) for _ in range(3)]
    await asyncio.gather(*(tail.once() for tail in tails))
    await tails[0].once()
    told = figures((await ValkeyMetrics(valkey).counts())["digits"], [])
    assert (told["approvalResponseTime"].value, told["approvalResponseTime"].n) == (60.0, 1)
    assert (told["automationRate"].value, told["automationRate"].n) == (0.8, 20)
    assert await valkey.hlen("hitl:{metrics}:starts") == 0


async def test_a_crash_after_any_page_counts_on_from_there(valkey: Redis) -> None:
    store, intake = ValkeyMetrics(valkey), await intake_of(10)
    await MetricsTail(store, {}, [intake]).once()
    later = await intake_of(25)
    await MetricsTail(ValkeyMetrics(valkey), {}, [later]).once()
    assert (await store.counts())["digits"]["cases"] == 25
    assert (await store.smoothed())["intake-0"]["digits"].n == 25


async def test_a_period_is_the_sum_of_its_days(valkey: Redis) -> None:
    store, journal = ValkeyMetrics(valkey), await journal_of(*(commit(86_400.0 * n + 1, type="ReviewOverdue") for n in range(4)))
    await MetricsTail(store, {"approval": journal}, []).once()
    assert (await store.counts([day_of(86_401.0), day_of(172_801.0)]))["digits"]["overdue"] == 2
    assert (await store.counts())["digits"]["overdue"] == 4
