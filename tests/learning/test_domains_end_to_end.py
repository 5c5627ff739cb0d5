"""The example domains on their own streams: what is certified holds on rows that nobody used."""

from typing import Any

import pytest

from tests.datasets import domain
from tests.measure.domains import measure

pytestmark = pytest.mark.slow


def measured(name: str) -> dict[str, Any]:
    return measure(*domain(name))


@pytest.mark.covers("003-07")
def test_messages_are_automated_and_the_error_holds_on_held_out_rows() -> None:
    found = measured("sms_spam")
    assert found["held_out"]["automation_rate"] >= 0.30
    assert found["held_out"]["error_among_automatic"] <= 0.02
    assert found["certified"]["error_among_automatic"] <= 0.02


@pytest.mark.covers("003-07")
def test_each_predicted_class_of_the_tweets_keeps_its_level_or_stays_with_people() -> None:
    found = measured("tweets")
    assert all(one["error"] <= 0.05 for one in found["certified"]["error_by_label"].values())
    assert found["certified"]["automation_rate"] > found["fixed_band"]["automation_rate"]
    assert found["fixed_band"]["error_by_label"]["2"]["error"] > 0.05, "the fixed band breaks the level in a class"


@pytest.mark.covers("003-07")
def test_triage_is_certified_or_refused_and_never_over_its_level() -> None:
    found = measured("ktas_triage")
    assert (found["held_out"]["error_among_automatic"] or 0.0) <= 0.10
    assert found["certified"]["experts"] == found["certified"]["answers"], "every outcome is validated"
    assert found["held_out"]["oracle_coverage"] > 0
