"""Votes, withdrawals and deadlines at the same moment on the same approvals: each ends once, and the losers learn how."""

import asyncio
import random
from collections import Counter
from contextlib import suppress
from typing import Any

from hitl.approval import ApprovalMachine, CancelApproval, Expire, Vote
from hitl.errors import AlreadyVoted, ApprovalClosed, HitlError
from hitl.journal.entry import Commit
from hitl.journal.memory import MemoryJournal
from hitl.machine import Envelope, Phase, Shard
from tests.fakes.approvals import ask

APPROVALS = 250
ENDINGS = ("ApprovalApproved", "ApprovalRejected", "ApprovalExpired", "ApprovalCancelled")


def contenders(name: str, digest: str) -> list[Any]:
    votes = [Vote(name, who, how, digest) for who in ("ann", "bob", "cid") for how in ("approve", "reject")]
    return [*votes, CancelApproval(name, "agent"), Expire(name), Expire(name)]


def envelope(command: Any, number: int) -> Envelope:
    return Envelope(command, f"c{number}", "f", "someone", "r")


async def test_of_thousands_of_contenders_exactly_one_ends_each_approval() -> None:
    journal, rng = MemoryJournal(), random.Random(5)
    shard = Shard(ApprovalMachine(), journal, wall=lambda: 1_000.0)
    life = asyncio.create_task(shard.run())
    while shard.phase is not Phase.SERVING:  # noqa: ASYNC110 - a few turns of the loop
        await asyncio.sleep(0)
    names = [f"a{n}" for n in range(APPROVALS)]
    asked = [await shard.submit(envelope(ask(approval_id=name), n)) for n, name in enumerate(names)]
    commands = [each for name, made in zip(names, asked, strict=True) for each in contenders(name, made.digest)]
    rng.shuffle(commands)
    outcomes = await asyncio.gather(
        *(shard.submit(envelope(c, 10_000 + n)) for n, c in enumerate(commands)), return_exceptions=True
    )
    assert len(commands) >= 2_000
    losers = [each for each in outcomes if isinstance(each, BaseException)]
    assert all(isinstance(each, ApprovalClosed | AlreadyVoted) for each in losers)
    happened = [event for entry in await journal.read(0, 10**6) for event in Commit.decode(entry.body).events]
    ends = Counter(event["approval_id"] for event in happened if event["type"] in ENDINGS)
    assert ends == dict.fromkeys(names, 1)
    assert len({event["type"] for event in happened} & set(ENDINGS)) == len(ENDINGS)
    life.cancel()
    with suppress(asyncio.CancelledError, HitlError):
        await life
