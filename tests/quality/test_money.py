"""The certificate for money: bounded losses, what waits counts with all that it may cost, dear cases are for people."""

import numpy as np
import pytest

from hitl.errors import InvalidConfig
from hitl.quality.money import MoneyLevel, PricedSample, loss_evidence, money_progress, plan_for_money
from tests.measure.simulations.money import MoneyWorld, ever_passed, money_study, normal_study

LEVEL = MoneyLevel(per_decision=5.0, most=200.0)


def sample(n: int, wrong: int = 0, harm: float = 20.0) -> PricedSample:
    return PricedSample(np.linspace(0.6, 1.0, n), np.full(n, harm), np.arange(n) < wrong)


def test_cheap_errors_leave_automation_that_a_count_of_errors_would_refuse() -> None:
    held_out, seen = sample(500, 50, harm=2.0), sample(2_000, 200, harm=2.0)
    found = money_progress(seen, LEVEL, plan_for_money(held_out, LEVEL))
    assert found.threshold is not None
    assert (found.lost, found.too_dear) == (400.0, 0)


def test_the_same_errors_where_each_costs_much_leave_none() -> None:
    dear = sample(2_000, 1_990, harm=150.0)
    assert money_progress(dear, LEVEL, plan_for_money(sample(500), LEVEL)).threshold is None


def test_a_case_that_could_cost_more_than_the_bound_is_no_part_of_it() -> None:
    mixed = PricedSample(np.ones(300), np.concatenate([np.full(200, 10.0), np.full(100, 1e6)]), np.zeros(300, dtype=bool))
    found = money_progress(mixed, LEVEL, plan_for_money(sample(500), LEVEL))
    assert (found.labels, found.too_dear) == (200, 100)


def test_each_loss_more_is_less_evidence() -> None:
    losses = np.zeros(200)
    before = loss_evidence(np.ones(200), losses, np.array([0.5]), 0.05)[0]
    losses[0] = 0.4
    assert loss_evidence(np.ones(200), losses, np.array([0.5]), 0.05)[0] < before


@pytest.mark.parametrize(("per_decision", "most"), [(0.0, 10.0), (10.0, 10.0), (-1.0, 5.0)])
def test_a_level_that_is_no_part_of_the_bound_is_refused(per_decision: float, most: float) -> None:
    with pytest.raises(InvalidConfig, match="per_decision"):
        MoneyLevel(per_decision, most)


@pytest.mark.slow
def test_money_at_the_level_is_certified_no_more_often_than_promised() -> None:
    assert ever_passed(LEVEL, 2_000, repetitions=400) <= 0.1 + 3 * (0.09 / 400) ** 0.5


@pytest.mark.slow
@pytest.mark.parametrize(
    "world",
    [MoneyWorld(most=200.0), MoneyWorld(most=200.0, dear_are_hard=True), MoneyWorld(most=200.0, risk=0.0, flat=0.115)],
    ids=["unsure cases err", "dear cases err", "hopeless"],
)
def test_the_money_that_is_lost_stays_under_the_level(world: MoneyWorld) -> None:
    found = money_study(world, LEVEL, 2_000, repetitions=100)
    assert found.violations <= found.allowed, found


@pytest.mark.slow
def test_the_least_threshold_under_a_normal_bound_is_caught() -> None:
    found = normal_study(MoneyWorld(most=200.0, risk=0.0, flat=0.115), LEVEL, 2_000, repetitions=100)
    assert found.violations > found.allowed, found
