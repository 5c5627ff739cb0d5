"""What waits is ordered anew by the model that serves, once for each, and handed out in that order over all shards."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from hitl.ids import case_id
from hitl.learning.ordering import informativeness_of
from hitl.machine.shards import review_shards
from hitl.review import Orderable
from hitl.routing.prediction import Prediction, predict_from
from hitl.routing.route import Action, Priority
from serve_app.evidence.evidence import TaskEvidence
from serve_app.reconcilers.queue_order import MAX_FAILURES, QueueOrder
from tests.review_app.conftest import PARTITIONS, _record
from tests.review_app.test_quality import MODEL, Certified

LABELS = 10


class Ordered(Certified):
    """A queue of digits that is ordered by what its reviews teach; ``doubts`` is what the serving model doubts of each case."""

    def __init__(self) -> None:
        super().__init__()
        spec = self.tasks["digits"]
        terms = {"order": "hybrid", "capacity": None}
        self.tasks["digits"] = spec.model_copy(update={"review": spec.review.model_copy(update=terms)})
        self.asked = 0
        self.fails = False
        evidence = TaskEvidence(self.tasks, self.shards, self.intakes)
        self.keeper = QueueOrder(self.shards, self.tasks, PARTITIONS, evidence, self._score)

    async def _score(self, spec: Any, digest: str, vectors: Sequence[Any]) -> list[Prediction | None] | None:
        """The first number of a row says how much the model doubts it."""
        self.asked += len(vectors)
        return None if self.fails else [predict_from(said(row[0] / 16), spec.labels, digest) for row in vectors]

    async def waits(self, number: int, doubt: float, doubted_before: float, streams: Sequence[str] = ()) -> str:
        """A case that its model doubted so much when it came, and the one that serves now doubts otherwise."""
        record = replace(
            _record(f"n{number}", Action.REVIEW, Priority.NORMAL),
            case_id=case_id(b"secret", "client", "digits", f"n{number}"),
            probabilities=said(doubted_before),
            streams=list(streams),
        )
        return await self.keep(record, {"features": [doubt * 16, *[float(number)] * 63], "metadata": {}})

    async def handed_out(self, count: int) -> list[str]:
        return [(await self.claim())["case_id"] for _ in range(count)]


def said(doubt: float) -> list[float]:
    return [1 - doubt / 2, doubt / 2, *[0.0] * (LABELS - 2)]


@pytest.fixture
async def ordered() -> AsyncIterator[Ordered]:
    made = Ordered()
    await made.shards.start()
    yield made
    await made.http.aclose()
    await made.shards.stop()


async def five(world: Ordered) -> list[str]:
    """Cases of several shards, that their own model and the serving one doubt in opposite orders."""
    return [await world.waits(n, doubt=n / 10, doubted_before=1 - n / 10) for n in range(1, 6)]


async def test_over_all_shards_the_least_sure_come_first(ordered: Ordered) -> None:
    cases = await five(ordered)
    listed = (await ordered.call("GET", "/v1/queues/digits/reviews", "reviewer")).json()
    assert [each["case_id"] for each in listed["reviews"]] == cases
    assert listed["order"] == "hybrid"
    assert await ordered.handed_out(5) == cases


async def test_experts_have_theirs_by_age(ordered: Ordered) -> None:
    listed = (await ordered.call("GET", "/v1/queues/digits.expert/reviews", "expert")).json()
    assert (listed["reviews"], listed["order"]) == ([], "age")


async def test_a_new_model_orders_what_waits(ordered: Ordered) -> None:
    cases = await five(ordered)
    await ordered.deploy()
    await ordered.keeper.once()
    assert await ordered.handed_out(5) == cases[::-1]


async def test_one_model_orders_once_whoever_asks_again(ordered: Ordered) -> None:
    await five(ordered)
    await ordered.deploy()
    for _ in range(2):
        await ordered.keeper.once()
    assert ordered.asked == 5
    again = QueueOrder(ordered.shards, ordered.tasks, PARTITIONS, ordered.keeper._evidence, ordered._score)
    await again.once()
    assert ordered.asked == 5


async def test_without_a_model_the_order_stays(ordered: Ordered) -> None:
    cases = await five(ordered)
    await ordered.keeper.once()
    assert (ordered.asked, await ordered.handed_out(5)) == (0, cases)


async def test_blind_checks_are_never_asked_about(ordered: Ordered) -> None:
    check = await ordered.waits(1, doubt=0.0, doubted_before=0.0, streams=["gold"])
    case = await ordered.waits(2, doubt=1.0, doubted_before=1.0)
    await ordered.deploy()
    await ordered.keeper.once()
    assert ordered.asked == 1
    assert set(await ordered.handed_out(2)) == {check, case}


async def test_a_model_that_gives_no_answers_is_given_up_and_the_order_stays(ordered: Ordered) -> None:
    cases, ordered.fails = await five(ordered), True
    await ordered.deploy()
    for _ in range(MAX_FAILURES + 2):
        await ordered.keeper.once()
    assert ordered.asked == 5 * MAX_FAILURES
    assert await ordered.handed_out(5) == cases


async def test_what_cannot_be_read_keeps_its_turn_and_is_read_once(ordered: Ordered) -> None:
    record = replace(_record("x", Action.REVIEW, Priority.NORMAL), case_id=case_id(b"secret", "client", "digits", "x"))
    await ordered.keep(record, {"erased": True, "features": None, "metadata": {}})
    await ordered.deploy()
    await ordered.keeper.once()
    found = [await ordered.shards.ask(shard, Orderable("digits", 9)) for shard in review_shards(PARTITIONS)]
    assert [each.ordered_by for each in found if each.review_ids] == [MODEL]
    assert ordered.asked == 0


async def test_a_queue_by_age_is_left_alone(ordered: Ordered) -> None:
    spec = ordered.tasks["digits"]
    ordered.tasks["digits"] = spec.model_copy(update={"review": spec.review.model_copy(update={"order": "age"})})
    cases = await five(ordered)
    await ordered.deploy()
    await ordered.keeper.once()
    assert (ordered.asked, await ordered.handed_out(5)) == (0, cases)


def test_chosen_items_teach_the_most_and_differ_from_each_other() -> None:
    rng = np.random.default_rng(0)
    corner = rng.permutation(np.repeat([0, 1, 2], 20))
    vectors = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])[corner] + rng.normal(0, 0.01, (60, 2))
    worth = informativeness_of([[0.6, 0.4]] * 60, vectors.tolist(), 3)
    assert sorted(corner[worth == 1.0]) == [0, 1, 2]
    assert set(worth[worth < 1.0]) == {0.8}


def test_among_few_items_none_is_chosen() -> None:
    assert informativeness_of([[0.6, 0.4], [0.9, 0.1]], [[0.0], [1.0]], 50).tolist() == [0.8, 0.2]
