"""What the approvals decide reaches the gateways, though the store is away for a while."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest

from hitl.adapters.ray.serving_projector import ServingProjector
from hitl.approval.events import EVENTS
from hitl.errors import StoreUnavailable
from hitl.intake.memory import MemoryServing
from hitl.intake.ports import Pointer
from hitl.journal import Commit, Effect
from hitl.serving.events import Deployed, RolledBack, ServingEvent


class AwayServing(MemoryServing):
    """Fails the first publications."""

    failures = 1

    async def publish(self, task: str, pointer: Pointer) -> None:
        if self.failures:
            self.failures -= 1
            raise StoreUnavailable("away")
        await super().publish(task, pointer)


def effect(generation: int, kind: type[Deployed | RolledBack] = Deployed) -> Effect[ServingEvent]:
    said: dict[str, Any] = {"operator": "op", "reason": ""} if kind is RolledBack else {}
    event = kind(task="digits", generation=generation, versions=[("d", 1.0)], approval_id="digits-1", digest="d", **said)
    return EVENTS.write(Commit(1.0, 1, "a", "r", "Deploy", str(generation), "f", {}, [event]))[1]


@pytest.fixture
def serving() -> AwayServing:
    return AwayServing()


@pytest.fixture
async def projector(serving: AwayServing) -> AsyncIterator[ServingProjector]:
    projector = ServingProjector(serving)
    life = asyncio.create_task(projector.run())
    yield projector
    life.cancel()
    with suppress(asyncio.CancelledError):
        await life


async def test_a_deployment_is_published_with_the_entry_that_decided_it(
    projector: ServingProjector, serving: AwayServing
) -> None:
    serving.failures = 0
    projector.committed(7, effect(1))
    await asyncio.sleep(0.01)
    assert await serving.current() == {"digits": Pointer(1, (("d", 1.0),), 7)}


async def test_a_publication_is_repeated_until_it_arrives(projector: ServingProjector, serving: AwayServing) -> None:
    projector.committed(7, effect(1))
    await asyncio.sleep(0.01)
    assert await serving.current() == {}
    await asyncio.sleep(0.3)
    assert serving.generation("digits") == 1


async def test_after_a_recovery_only_the_last_pointer_is_published(projector: ServingProjector, serving: AwayServing) -> None:
    serving.failures = 0
    projector.replayed(7, effect(1))
    projector.replayed(9, effect(2, RolledBack))
    await asyncio.sleep(0.01)
    assert await serving.current() == {}
    projector.appended(0, 0.0)
    await asyncio.sleep(0.01)
    assert (await serving.current())["digits"].journal_seq == 9


async def test_a_forged_pointer_is_put_back_whatever_its_generation_and_told_of(
    projector: ServingProjector, serving: AwayServing
) -> None:
    serving.failures = 0
    projector.committed(7, effect(1))
    await asyncio.sleep(0.01)
    await serving.publish("digits", Pointer(99, (("evil", 1.0),), 7))
    projector.appended(0, 0.0)
    await asyncio.sleep(0.01)
    assert (await serving.current())["digits"] == Pointer(1, (("d", 1.0),), 7)
    assert projector.trouble is not None
    assert "digits" in projector.trouble


async def test_what_was_not_changed_is_no_trouble(projector: ServingProjector, serving: AwayServing) -> None:
    serving.failures = 0
    projector.committed(7, effect(1))
    projector.appended(1, 0.0)
    await asyncio.sleep(0.01)
    assert projector.trouble is None


async def test_a_writer_that_did_not_prove_itself_puts_nothing_back(projector: ServingProjector, serving: AwayServing) -> None:
    serving.failures = 0
    projector.committed(7, effect(1))
    await asyncio.sleep(0.01)
    await serving.publish("digits", Pointer(2, (("newer", 1.0),), 9))
    projector._changed.set()
    await asyncio.sleep(0.01)
    assert serving.generation("digits") == 2
