"""Suggestions over HTTP: the documents' strategies by name, the most wanted first, and nothing that a blind reviewer may see."""

import numpy as np
import pytest

from hitl.errors import InvalidRequest
from hitl.learning.suggesting import STRATEGIES, WaitingCase, suggest, told
from tests.review_app.conftest import World
from tests.review_app.conftest import world as world  # the fixture

SURE = np.linspace(0.5, 0.99, 40)
POOL = [WaitingCase(f"r-{i}", [float(i), float(i % 7)], [[p, 1 - p], [1 - p, p]]) for i, p in enumerate(SURE)]
TEXTS = [WaitingCase(f"r-{i}", f"message number {i}", [[p, 1 - p]]) for i, p in enumerate(SURE)]


@pytest.mark.covers("003-30", "D15")
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_strategy_can_be_asked_for_and_a_tenth_is_uniform(strategy: str) -> None:
    picks = suggest(POOL, strategy, 10, np.random.default_rng(0))
    assert len({pick.index for pick in picks}) == 10
    assert [pick.probability for pick in picks if pick.chosen_by == "uniform"] == [1 / 40]


@pytest.mark.covers("D12")
@pytest.mark.parametrize("strategy", ["entropy", "margin", "least_confident"])
def test_the_least_sure_come_first_with_the_highest_priority(strategy: str) -> None:
    picks = [pick for pick in suggest(POOL, strategy, 5, np.random.default_rng(1)) if pick.chosen_by != "uniform"]
    assert [pick.index for pick in picks] == sorted(pick.index for pick in picks)
    items = told("t", picks, POOL, ("a", "b"), strategy, is_blind=False).suggestions
    assert [item.suggested_priority for item in items] == [4, 3, 2, 1]


@pytest.mark.covers("D13")
def test_texts_are_compared_and_an_empty_pool_gives_nothing() -> None:
    assert len(suggest(TEXTS, "hybrid", 6, np.random.default_rng(0))) == 6
    assert suggest([], "hybrid", 6, np.random.default_rng(0)) == []


@pytest.mark.parametrize(("pool", "strategy"), [(POOL, "magic"), (TEXTS, "query_by_committee")])
def test_a_strategy_that_cannot_be_is_refused(pool: list[WaitingCase], strategy: str) -> None:
    with pytest.raises(InvalidRequest):
        suggest(pool, strategy, 3, np.random.default_rng(0))


def test_a_blind_task_does_not_tell_what_the_model_said() -> None:
    picks = suggest(POOL, "hybrid", 1, np.random.default_rng(0))
    (item,) = told("t", picks, POOL, ("a", "b"), "hybrid", is_blind=True).suggestions
    assert (item.predicted_class, item.prediction_confidence) == (None, None)


async def test_waiting_reviews_are_suggested_over_http(world: World) -> None:
    for key in "abc":
        await world.case(key)
    answer = await world.call("GET", "/v1/suggestions/digits?n=2", "reviewer")
    assert answer.status_code == 200
    assert (answer.json()["total_unlabeled"], len(answer.json()["suggestions"])) == (3, 2)
    assert (await world.call("GET", "/v1/suggestions/digits?strategy=magic", "reviewer")).status_code == 400
    assert (await world.call("GET", "/v1/suggestions/digits", "client")).status_code == 403
    assert (await world.call("GET", "/v1/suggestions/nothing", "reviewer")).status_code == 404
