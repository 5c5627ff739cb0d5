"""The certificate as the service makes it, looked at all the time, on worlds whose truth is known."""

from dataclasses import replace

import pytest

from hitl.quality.certificate import RiskLevel
from tests.measure.simulations.copies import false_certificates
from tests.measure.simulations.earning import World, earned, silent_where_wrong, slow_where_wrong
from tests.measure.simulations.pools import digits, hopeless, synthetic

pytestmark = pytest.mark.slow
RISK = RiskLevel(0.05, 0.9)
REPETITIONS = 400
HARD = World(hopeless(0.055), cases_per_hour=20.0, look_every=225)
"""Every certificate of its model is false, most of all in the eyes of who sees the early answers alone."""

DELAYS = {
    "errors after 24 hours in place of 1": slow_where_wrong(1.0, 24.0),
    "errors after 72 hours in place of 1": slow_where_wrong(1.0, 72.0),
    "half of the errors never": silent_where_wrong(0.5),
    "no error ever": silent_where_wrong(1.0),
}


@pytest.mark.covers("003-10")
@pytest.mark.parametrize("pool", [digits, synthetic], ids=["digits", "synthetic"])
def test_a_threshold_that_was_earned_keeps_its_promise_at_every_look(pool) -> None:
    found = earned(World(pool(), look_every=50), RISK, 1500, repetitions=60)
    assert found.holds, found
    assert found.coverage_of_oracle >= 0.5, found


def test_over_confident_models_earn_little_and_break_nothing() -> None:
    assert earned(World(synthetic(overconfident=True), look_every=100), RISK, 1000, repetitions=60).holds
    assert earned(World(digits("bayes"), look_every=100), RISK, 1000, repetitions=60).holds


@pytest.mark.parametrize("delays", DELAYS)
def test_late_and_missing_answers_certify_nothing_false(delays: str) -> None:
    found = earned(replace(HARD, delays=DELAYS[delays]), RISK, 1000, REPETITIONS)
    assert found.holds, found


@pytest.mark.parametrize("delays", DELAYS)
def test_leaving_out_what_waits_is_caught(delays: str) -> None:
    world = replace(HARD, delays=DELAYS[delays], drops_what_waits=True)
    assert not earned(world, RISK, 1000, repetitions=100).holds


def test_hard_cases_that_are_answered_late_cost_hours_and_no_promise() -> None:
    """The digits, one expert who takes a day where the model errs."""
    late = World(digits(), slow_where_wrong(1.0, 24.0), cases_per_hour=20.0, held_out=500, look_every=250)
    found = earned(late, RISK, 2000, REPETITIONS // 4)
    assert found.holds, found
    assert found.refused <= 0.1, found


def test_rows_held_out_earn_the_first_threshold_sooner_than_the_first_cases_do() -> None:
    by_rows, by_cases = (earned(World(digits(), held_out=n), RISK, 1000, repetitions=40) for n in (500, 0))
    assert by_rows.cases_to_first < by_cases.cases_to_first


@pytest.mark.parametrize("copies", [10, 30])
def test_cases_that_come_in_copies_certify_nothing_false(copies: int) -> None:
    assert false_certificates(0.06, RISK, 3000 // copies, copies, repetitions=100) <= 0.1 + 3 * 0.03


def test_taking_copies_as_independent_is_caught() -> None:
    assert false_certificates(0.06, RISK, 100, 30, repetitions=100, are_told=False) > 0.3
