"""People's time has a price while it is scarce, and cost-aware routing pays it."""

from typing import Any

import pytest

from hitl.machine.shards import APPROVAL
from hitl.routing.policy import CostTerms, RoutingTerms
from hitl.routing.prediction import Prediction
from hitl.routing.route import Action
from hitl.routing.steering import Request, steering_of
from hitl.serving.in_force import InForce
from hitl.serving.questions import History, ServingOf
from hitl.serving.views import ServingView
from serve_app.reconcilers.prices import PriceReconciler
from serve_app.setup.policies import policies, policy_in_force
from tests.review_app.conftest import PARTITIONS, World


def priced(world: World) -> PriceReconciler:
    spec = world.tasks["digits"]
    world.tasks["digits"] = spec.model_copy(update={"policy": RoutingTerms(costs=CostTerms(review=0.4, expert=0.8, harm=4.0))})
    configured = policies(world.tasks, None, None)

    def policy_of(task: str, serving: Any) -> Any:
        return policy_in_force(configured[task], spec.labels, serving)

    return PriceReconciler(world.shards, world.tasks, policy_of, PARTITIONS, 24.0)


async def serving(world: World) -> ServingView:
    return await world.shards.ask(APPROVAL, ServingOf("digits"))


async def wait(world: World, cases: int) -> None:
    for number in range(cases):
        await world.case(f"waits-{number}")


async def test_a_queue_that_nobody_answers_gets_dearer_and_cheap_again_as_fast_when_it_is_empty(world: World) -> None:
    prices = priced(world)
    await wait(world, 20)
    for _ in range(4):
        await prices.once()
    assert (await serving(world)).prices == {"review": 0.2, "expert": 0.0}
    for number in range(20):
        await world.decide(await world.claim(), key=f"k{number}")
    for _ in range(4):
        await prices.once()
    assert (await serving(world)).prices == {"review": 0.0, "expert": 0.0}


async def test_one_case_that_waits_for_somebody_of_unknown_speed_moves_no_price(world: World) -> None:
    prices = priced(world)
    await wait(world, 1)
    for _ in range(50):
        await prices.once()
    assert (await world.shards.ask(APPROVAL, History("digits"))).history == []


async def test_a_price_is_published_in_steps_and_makes_no_generation_at_every_look(world: World) -> None:
    prices = priced(world)
    await wait(world, 20)
    for _ in range(10):
        await prices.once()
    assert [line.prices["review"] for line in (await world.shards.ask(APPROVAL, History("digits"))).history] == [
        0.1,
        0.2,
        0.3,
        0.4,
        0.5,
    ]


async def test_a_price_never_says_more_than_what_an_error_costs(world: World) -> None:
    prices = priced(world)
    await wait(world, 20)
    for _ in range(100):
        await prices.once()
    assert (await serving(world)).prices["review"] == 4.0


async def test_what_does_not_change_is_not_journalled(world: World) -> None:
    prices = priced(world)
    await prices.once()
    assert (await world.shards.ask(APPROVAL, History("digits"))).history == []


@pytest.mark.parametrize(("price", "action"), [(0.0, Action.REVIEW), (2.0, Action.EXPERT)])
def test_a_dear_queue_sends_its_cases_where_there_is_room(price: float, action: Action) -> None:
    world = World()
    priced(world)
    steering = steering_of(InForce(prices={"review": price, "expert": 0.0}), policies(world.tasks, None, None)["digits"], [])
    prediction = Prediction("3", (0.5, 0.5), 0.5, 0.6, "m")
    assert steering.steer(Request([], {}, "client"), prediction).route.action is action
