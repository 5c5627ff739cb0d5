"""A version that got through the gate and does not work decides nothing wrong; what served before is back at the next look."""

import time
from collections.abc import AsyncIterator

import numpy as np
import pytest

from hitl.inference.classifier import Probabilities
from hitl.inference.rows import Rows
from serve_app.reconcilers import quality_steps
from serve_app.reconcilers.probation import MIN_UNUSABLE, PROBATION_S, Probation
from tests.gateway.service import FIRST, SECOND, Echo
from tests.review_app.test_canary import THIRD, Live


class Sudden(Live):
    """A task whose approved versions serve all cases at once."""

    def __init__(self) -> None:
        super().__init__(canary=None)
        self.probation = self.new_probation()

    def new_probation(self) -> Probation:
        return Probation(self.shards, self.tasks, self.service.intakes, lambda: self.now)

    async def step(self) -> None:
        await self.deployer.once()
        await self.probation.once()
        await self.publish()


@pytest.fixture
async def live() -> AsyncIterator[Sudden]:
    """The second version serves alone, after cases that the first one decided."""
    made = Sudden()
    await made.shards.start()
    await made.approve(FIRST)
    await made.step()
    await made.cases(30)
    await made.approve(SECOND)
    await made.step()
    made.now = (await made.history())[-1].since
    yield made
    await made.service.http.aclose()
    await made.shards.stop()


class RaisingLater(Echo):
    """Every call from the fourth on."""

    def predict(self, rows: Rows) -> Probabilities:
        if len(self.batches) >= 3:
            raise ValueError("what people trained may raise anything")
        return super().predict(rows)


class OtherShape(Echo):
    def predict(self, rows: Rows) -> Probabilities:
        return np.full((len(rows), 5), 0.2)


class BeyondOne(Echo):
    def predict(self, rows: Rows) -> Probabilities:
        return np.full((len(rows), 3), 1.5)


class NotFinite(Echo):
    def predict(self, rows: Rows) -> Probabilities:
        return np.full((len(rows), 3), np.inf)


class NotNumbers(Echo):
    def predict(self, rows: Rows) -> Probabilities:
        return np.full((len(rows), 3), np.nan)


class Slow(Echo):
    """More than a hundred times what the first version takes."""

    def predict(self, rows: Rows) -> Probabilities:
        time.sleep(0.06)
        return super().predict(rows)


UNUSABLE = [RaisingLater, OtherShape, BeyondOne, NotFinite, NotNumbers]


@pytest.mark.parametrize("bad", UNUSABLE)
async def test_what_gives_no_usable_answers_is_sent_back_and_decided_nothing_alone(live: Sudden, bad: type[Echo]) -> None:
    live.models[b"second"].predict = bad().predict  # type: ignore[method-assign]
    told = [reply for n in range(8) for reply in await live.cases(1)]
    assert {each for each in told if each[1] is None} == {(202, None)}
    assert {each for each in told if each[0] == 200} <= {(200, SECOND)}
    await live.step()
    last = (await live.history())[-1]
    assert (last.cause, last.versions) == ("SharesSet", [(FIRST, 1.0)])
    assert "got no usable probabilities, 0 of the champion's 30" in last.reason
    assert await live.cases(10) == {(200, FIRST)}


async def test_what_is_a_hundred_times_slower_is_sent_back(live: Sudden) -> None:
    live.models[b"second"].predict = Slow().predict  # type: ignore[method-assign]
    for _ in range(2):
        await live.cases(15)
    await live.step()
    last = (await live.history())[-1]
    assert last.versions == [(FIRST, 1.0)]
    assert "a call takes" in last.reason


@pytest.mark.parametrize("look", ["CANARY_EVERY_S", "PROBATION_EVERY_S"])
def test_the_keeper_looks_often_enough_to_roll_back_within_30_seconds(look: str) -> None:
    assert getattr(quality_steps, look) <= 5


async def test_a_version_that_works_stays_whatever_happened_to_few_of_its_cases(live: Sudden) -> None:
    await live.cases(30)
    healthy, live.models[b"second"].predict = live.models[b"second"].predict, lambda rows: 1 / 0  # type: ignore[method-assign]
    for _ in range(MIN_UNUSABLE - 1):
        assert await live.cases(1) == {(202, None)}
    live.models[b"second"].predict = healthy  # type: ignore[method-assign]
    await live.step()
    assert await live.shares() == {SECOND: 1.0}


async def test_a_keeper_that_starts_anew_counts_what_failed_before(live: Sudden) -> None:
    live.models[b"second"].predict = NotNumbers().predict  # type: ignore[method-assign]
    await live.cases(MIN_UNUSABLE)
    live.probation = live.new_probation()
    await live.step()
    assert await live.shares() == {FIRST: 1.0}


async def test_probation_ends(live: Sudden) -> None:
    live.now += PROBATION_S + 1
    live.models[b"second"].predict = NotNumbers().predict  # type: ignore[method-assign]
    await live.cases(10)
    await live.step()
    assert await live.shares() == {SECOND: 1.0}


async def test_a_next_version_may_come_after_one_was_sent_back(live: Sudden) -> None:
    live.models[b"second"].predict = NotNumbers().predict  # type: ignore[method-assign]
    await live.cases(MIN_UNUSABLE)
    await live.step()
    await live.approve(THIRD)
    await live.deployer.once()
    assert await live.shares() == {THIRD: 1.0}
