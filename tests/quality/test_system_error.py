"""The system error that is reported holds the true one, with people who err and cases that nobody can answer."""

from dataclasses import replace

import pytest

from hitl.quality.interval import Interval
from hitl.quality.seen_by_people import with_silence, without_peoples_errors
from tests.measure.simulations.services import ServiceWorld, coverage

SERVICES = 50
SEEN = Interval(0.06, 0.04, 0.08, 400, 0.95, "aipw")
PEOPLE = Interval(0.05, 0.04, 0.06, 1000, 0.95, "known answers")


@pytest.mark.parametrize("world", [ServiceWorld(), ServiceWorld(doubled=0.5), ServiceWorld(people_error=0.1)])
def test_the_interval_holds_the_truth(world: ServiceWorld) -> None:
    assert coverage(world, SERVICES).covered >= 0.9


def test_noisy_people_make_it_at_most_half_as_wide_again_where_every_check_is_answered() -> None:
    perfect, noisy = (coverage(ServiceWorld(people_error=error, unanswerable=0.0), SERVICES) for error in (0.0, 0.05))
    assert noisy.width <= 1.5 * perfect.width


def test_errors_of_single_answers_are_taken_out() -> None:
    found = without_peoples_errors(SEEN, PEOPLE, single=1.0)
    assert found.value == pytest.approx((0.06 - 0.05) / 0.9)
    assert found.low == 0.0
    assert found.high == pytest.approx((0.08 - 0.04) / 0.9)


def test_checks_that_two_answered_and_people_who_were_never_measured_change_nothing() -> None:
    assert without_peoples_errors(SEEN, PEOPLE, single=0.0) == SEEN
    assert without_peoples_errors(SEEN, replace(PEOPLE, n=0), single=1.0) == SEEN


def test_silent_checks_may_all_be_wrong() -> None:
    found = with_silence(SEEN, 100, 0.95)
    assert found.high > 0.2 + 0.8 * SEEN.high
    assert found.low < 0.8 * SEEN.low
    assert with_silence(SEEN, 0, 0.95) == SEEN
