"""Thousands of answers, withdrawals and deadlines at the same moment on the same interactions: each has exactly one winner."""

import asyncio
import random
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest

from hitl.errors import HitlError, InteractionOver
from hitl.journal.entry import Commit
from hitl.journal.memory import MemoryJournal
from hitl.machine import Envelope, Phase, Shard
from hitl.workflow import WorkflowMachine
from hitl.workflow.commands import ExpireInteraction
from tests.fakes.workflows import ANN, BOB, CID, CLIENT, OLGA, answers, cancels, opens

INTERACTIONS = 300
CONTENDERS = 10
CHOSEN = {"decision": "abort", "urgency_acknowledged": True}


def contenders(name: str) -> list[Any]:
    by_people = [answers(person, name, **CHOSEN) for person in (ANN, BOB, CID) * 2]
    return [*by_people, cancels(CLIENT, name), cancels(OLGA, name), ExpireInteraction(name), ExpireInteraction(name)]


def envelope(command: Any, number: int) -> Envelope:
    return Envelope(command, f"c{number}", "f", "someone", "r")


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.covers("D24", "D28", "001-31", "001-33")
async def test_of_thousands_of_contenders_exactly_one_wins_each_interaction_and_the_losers_learn_who() -> None:
    clock, journal, rng = Clock(), MemoryJournal(), random.Random(5)
    shard = Shard(WorkflowMachine(), journal, wall=clock)
    life = asyncio.create_task(shard.run())
    while shard.phase is not Phase.SERVING:  # noqa: ASYNC110 - a few turns of the loop
        await asyncio.sleep(0)
    names = [f"i{n}" for n in range(INTERACTIONS)]
    for n, name in enumerate(names):
        await shard.submit(envelope(opens("time_based_decision", name), n))
    commands = [command for name in names for command in contenders(name)]
    rng.shuffle(commands)
    pending = [asyncio.ensure_future(shard.submit(envelope(each, 10_000 + n))) for n, each in enumerate(commands)]
    while clock.now == 1_000.0:
        await asyncio.sleep(0)
        if sum(each.done() for each in pending) > len(pending) // 4:
            clock.now += 301
    outcomes = await asyncio.gather(*pending, return_exceptions=True)
    shard.look()
    await asyncio.sleep(0.05)
    losers = [each for each in outcomes if isinstance(each, BaseException)]
    assert len(commands) >= 2_000
    assert all(isinstance(each, InteractionOver) and each.winner for each in losers)
    closings = Counter(
        event["interaction_id"]
        for entry in await journal.read(0, 10**6)
        for event in Commit.decode(entry.body).events
        if event["type"] == "InteractionClosed"
    )
    assert closings == dict.fromkeys(names, 1)
    winners = {each["closed_by"] for each in (await shard.plain())["state"]["interactions"].values()}
    assert "time" in winners
    assert len(winners) > 2
    life.cancel()
    with suppress(asyncio.CancelledError, HitlError):
        await life
