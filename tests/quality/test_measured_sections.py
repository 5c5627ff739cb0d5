"""Short forms of what `make bench` measures at length: each must come out as the documents say, with seeds that stand."""

import pytest

from hitl.quality.certificate import RiskLevel
from hitl.settings import Settings
from tests.measure.simulations import absent_experts, after_drift, backlogs, pools, reaching, single_answers, tweets

pytestmark = pytest.mark.slow
RISK, STRICT = RiskLevel(0.05, 0.9), RiskLevel(0.02, 0.9)


def test_a_task_reaches_four_fifths_of_the_oracles_automation() -> None:
    found = reaching.reach(pools.digits(), STRICT, repetitions=4)
    assert found.got_there >= 0.5, found
    assert found.answers <= 6000, found
    assert found.violations <= found.allowed, found


@pytest.mark.parametrize("is_held_out", [True, False], ids=["held out", "traffic"])
@pytest.mark.parametrize("backlog", [500, 3500])
def test_a_backlog_that_is_answered_hard_cases_first_certifies(backlog: int, is_held_out: bool) -> None:
    pool = pools.synthetic(extra_error=0.01, seed=3)
    found = backlogs.backlog_study(pool, RISK, backlog, 3500, repetitions=5, is_held_out=is_held_out)
    assert found.certified == 1.0, found


def test_the_challenger_that_mends_a_drift_is_called_better() -> None:
    found = after_drift.pixels_shifted(worlds=5)
    assert found.better == 1.0, found
    assert found.gain > 0.1, found


def test_challengers_that_are_no_better_are_seldom_called_better_in_thirty_nights() -> None:
    assert after_drift.no_better_in_nights(30, repetitions=20, rows_a_night=30) <= 0.15


def test_people_who_confirm_errors_certify_nothing_false_once_the_level_gives_way() -> None:
    """A model whose risk is a little above the level, seen through people who confirm a fifth of its errors."""
    pool, people = pools.hopeless(0.056), single_answers.People(confirms=0.23)
    kept, broken = (
        single_answers.checked_by(pool, people, way, RISK, 1500, repetitions=20)
        for way in ("one and expert, corrected", "one and expert, uncorrected")
    )
    assert kept.violations <= kept.allowed, kept
    assert broken.violations > kept.violations, broken


def test_experts_who_never_come_cost_automation_and_no_promise() -> None:
    folder = Settings().datasets_dir
    if not (folder / tweets.FILE).is_file():
        pytest.skip(f"no {tweets.FILE} under HITL_DATASETS_DIR")
    world = absent_experts.voted_tweets(folder)
    kept, broken = (absent_experts.absent_experts(world, RISK, 2000, 10, drops_what_waits=drops) for drops in (False, True))
    assert kept.violations == 0.0, kept
    assert broken.violations >= 0.3, broken
