"""The rules of one shard's runner, without Ray around it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any

import pytest

from hitl.adapters.ray import shard_runner
from hitl.adapters.ray.shard_runner import ShardRunner
from hitl.adapters.ray.shard_spec import approval_spec, review_spec
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.definitions import ValkeyDefinitions
from hitl.approval.definitions import DefinitionKey
from hitl.errors import Recovering, StaleLease
from hitl.machine import Envelope, Phase
from hitl.review import Cursor
from hitl.review.views import HeldLease
from hitl.serving.commands import RecordDefinitions
from hitl.tasks.book import TaskBook
from hitl.tasks.definition import body_of
from tests.fakes.reviews import spec


class RungShard:
    """A shard whose lease alarm has rung already: its command waits to be decided."""

    phase, epoch, seq, head, waiting = Phase.SERVING, 1, 7, "h", 1

    async def ask(self, question: Any) -> HeldLease:
        return HeldLease("lease:r-1", 30.0)

    def extend(self, key: str, after_s: float) -> bool:
        return False


@pytest.fixture
def runner() -> ShardRunner:
    """Beside its life, which a test of one call does not need."""
    made: Any = object.__new__(ShardRunner)
    made._shard, made._failure = RungShard(), "the store was away"
    made._keeper = made._projector = made._regressed = None
    made._stands_by = False
    made._spec = type("Spec", (), {"shard": "review-0", "build": ""})
    found: ShardRunner = made
    return found


async def test_a_heartbeat_after_the_lease_has_rung_is_not_acknowledged(runner: ShardRunner) -> None:
    with pytest.raises(StaleLease):
        await runner.heartbeat("r-1", 3, "ada")


async def test_a_shard_that_serves_again_shows_no_old_failure(runner: ShardRunner) -> None:
    assert (await runner.status())["failure"] is None


class LateIndex(ValkeyDefinitions):
    """One that answers when it may."""

    may_answer: asyncio.Event

    async def published(self) -> dict[DefinitionKey, int]:
        await self.may_answer.wait()
        return await super().published()


async def test_a_shard_serves_once_it_knows_the_definitions(valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with living(ShardRunner(approval_spec(valkey_url, 1))) as approvals:
        record = RecordDefinitions({"digits": body_of(spec())}, "operator")
        await _until_it_answers(lambda: approvals.submit(Envelope(record, "files", "", "operator", "r")))
        await _until_it_answers(partial(_published, valkey_url))
    LateIndex.may_answer = asyncio.Event()
    monkeypatch.setattr(shard_runner, "ValkeyDefinitions", LateIndex)
    book = TaskBook({})
    async with living(ShardRunner(review_spec(valkey_url, 0, book, 60.0))) as reviews:
        with pytest.raises(TimeoutError):  # it would be there in a few milliseconds
            await _until_it_answers(lambda: reviews.ask(Cursor()), 1.0)
        LateIndex.may_answer.set()
        await _until_it_answers(lambda: reviews.ask(Cursor()))
        assert book.known == {("digits", 0)}


@asynccontextmanager
async def living(runner: ShardRunner) -> AsyncIterator[ShardRunner]:
    try:
        yield runner
    finally:
        runner.life.cancel()
        with suppress(asyncio.CancelledError):
            await runner.life


async def _published(url: str) -> None:
    """Raises Recovering until the index has something."""
    client = connect(url)
    found = await ValkeyDefinitions(client).published()
    await client.aclose()
    if not found:
        raise Recovering("the index")


async def _until_it_answers(ask: Callable[[], Awaitable[Any]], within_s: float = 30.0) -> None:
    async with asyncio.timeout(within_s):
        while True:
            try:
                await ask()
                return
            except Recovering:
                await asyncio.sleep(0.005)
