"""The system error that is reported holds the true one, with people who err and cases that nobody can answer."""

from dataclasses import replace
from functools import cache

import pytest

from hitl.quality.binomial import clopper_pearson, lower_bound, upper_bound
from hitl.quality.interval import Interval
from hitl.quality.seen_by_people import with_silence, without_peoples_errors
from tests.measure.simulations.services import Coverage, ServiceWorld, coverage

SERVICES = 50
SEEN = Interval(0.06, 0.04, 0.08, 400, 0.95, "aipw")
PEOPLE = Interval(0.05, 0.04, 0.06, 1000, 0.95, "known answers")


@cache
def over(world: ServiceWorld) -> Coverage:
    return coverage(world, SERVICES)


@pytest.mark.parametrize("world", [ServiceWorld(), ServiceWorld(doubled=0.5), ServiceWorld(people_error=0.1)])
def test_the_interval_holds_the_truth(world: ServiceWorld) -> None:
    assert over(world).covered >= 0.9


def test_noisy_people_make_it_at_most_half_as_wide_again_where_every_check_is_answered() -> None:
    perfect, noisy = (over(ServiceWorld(people_error=error, unanswerable=0.0)) for error in (0.0, 0.05))
    assert noisy.width <= 1.5 * perfect.width


def test_errors_of_single_answers_are_taken_out() -> None:
    found = without_peoples_errors(SEEN, PEOPLE, single=1.0)
    assert found.value == pytest.approx((0.06 - 0.05) / 0.9)
    assert found.low == 0.0
    assert found.high == pytest.approx((0.08 - 0.04) / 0.9)


def test_checks_that_two_answered_and_people_who_were_never_measured_change_nothing() -> None:
    assert without_peoples_errors(SEEN, PEOPLE, single=0.0) == SEEN
    assert without_peoples_errors(SEEN, replace(PEOPLE, n=0), single=1.0) == SEEN


def seen_with(silent: int) -> Interval:
    """24 of 400 answered checks wrong, and so many silent ones beside them."""

    def rate(is_wrong: bool, confidence: float) -> Interval:
        return clopper_pearson(24 + silent * is_wrong, 400 + silent, confidence)

    return with_silence(clopper_pearson(24, 400), silent, rate)


def test_silent_checks_may_all_be_wrong_or_all_be_right() -> None:
    found = seen_with(100)
    assert found.high > 124 / 500
    assert found.low < 24 / 500
    assert found.value == 24 / 400
    assert seen_with(0) == clopper_pearson(24, 400)


def test_one_silent_check_widens_little_and_many_by_little_more_than_their_share() -> None:
    """Far apart, each end may err as often as both together: one-sided bounds are enough."""
    plain, one, many = (found.high - found.low for found in map(seen_with, (0, 1, 100)))
    assert plain < one < plain + 3 / 401
    assert many == pytest.approx(upper_bound(124, 500, 0.95) - lower_bound(24, 500, 0.95), abs=1e-3)


def test_what_silence_hides_costs_little_more_than_its_share() -> None:
    """The wider interval is the silent checks' doing, not people's: perfect people leave the same ones open."""
    noisy, perfect = over(ServiceWorld()), over(ServiceWorld(people_error=0.0))
    answered = over(ServiceWorld(people_error=0.0, unanswerable=0.0))
    assert noisy.width <= 1.15 * perfect.width
    assert noisy.width <= 1.9 * answered.width
    assert noisy.width - noisy.hidden <= 1.15 * answered.width
    assert noisy.hidden > 0.6 * answered.width
