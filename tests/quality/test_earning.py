"""The certificate as the service makes it, looked at all the time, on worlds whose truth is known."""

import pytest

from hitl.quality.certificate import RiskLevel
from tests.measure.simulations.earning import earned
from tests.measure.simulations.pools import digits, synthetic

pytestmark = pytest.mark.slow
RISK = RiskLevel(0.05, 0.9)


@pytest.mark.covers("003-10")
@pytest.mark.parametrize("pool", [digits, synthetic], ids=["digits", "synthetic"])
def test_a_threshold_that_was_earned_keeps_its_promise_at_every_look(pool) -> None:
    found = earned(pool(), RISK, 1500)
    assert found.holds, found
    assert found.coverage_of_oracle >= 0.5, found


def test_over_confident_models_earn_little_and_break_nothing() -> None:
    assert earned(synthetic(overconfident=True), RISK, 1000, repetitions=100).holds
    assert earned(digits("bayes"), RISK, 1000, repetitions=100).holds
