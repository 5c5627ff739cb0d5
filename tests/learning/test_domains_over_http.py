"""The example domains through the running service: the shipped command at a small size, and the pieces of it."""

from pathlib import Path

import numpy as np
import pytest

from hitl.tasks import load_tasks
from tests.datasets import domain
from tests.measure.outcomes import by_band, figures, judged, outcomes_of
from tests.measure.over_http.measuring import measured
from tests.measure.over_http.plans import ALL_BLIND, PLANS, Plan, write_tasks
from tests.measure.simulated_reviewers import Crowd, dollars

ONE = np.array([1, 1, 0, 0])
LEVEL = 0.05
"""Of the small run: a level of 0.02 takes more labels than a test has time for; the whole command measures that."""


@pytest.mark.slow
@pytest.mark.service
@pytest.mark.covers("003-07")
def test_messages_earn_their_automation_through_the_running_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, rows = domain("sms_spam")
    monkeypatch.setenv("HITL_DATASETS_DIR", str(rows))
    plan = Plan(1000, 300, {"retrain": None, **ALL_BLIND, "risk": {"level": LEVEL}})
    found = measured({"sms_spam": plan}, tmp_path)["sms_spam"]
    assert found["certificates"]["all"]["in_force"] is not None, found["certificates"]
    assert found["held_out"]["automation_rate"] >= 0.30
    assert found["held_out"]["interval_95"][0] <= LEVEL, "300 rows show that more than the level is wrong"
    assert found["product"]["answers"] < 2 * plan.rows, "some were automatic"


def crowd(**terms: object) -> Crowd:
    votes = np.array([[1, 1], [0, 1], [0, 0], [1, 1]])
    return Crowd(votes, expert=ONE, reference=ONE, held_out=np.full(4, -1), **terms)  # type: ignore[arg-type]


def test_two_people_who_differ_ask_an_expert() -> None:
    assert crowd().labels.tolist() == [1, 0, 0, 1]
    assert crowd().checked.tolist() == [1, 1, 0, 1]
    everything, half = np.ones(4, dtype=np.bool_), np.array([True, True, False, False])
    assert crowd().work(everything, half) == {"answers": 6, "experts": 1}


def test_with_mandatory_validation_an_expert_sees_everything_that_people_decide() -> None:
    assert crowd(is_validated=True).labels.tolist() == ONE.tolist()
    nothing = np.zeros(4, dtype=np.bool_)
    assert crowd(is_validated=True).work(~nothing, nothing) == {"answers": 4, "experts": 4}


def test_figures_count_the_models_errors_apart_from_peoples() -> None:
    automatic, unchecked = np.array([True, False, True, False]), np.zeros(4, dtype=np.bool_)
    found = figures(outcomes_of(np.array([0, 1, 0, 1]), automatic, unchecked, crowd()), crowd())
    assert (found["automation_rate"], found["error_among_automatic"], found["system_accuracy"]) == (0.5, 0.5, 0.25)
    assert found["dollars_per_decision"] == dollars({"answers": 2, "experts": 0}, 3, 4) == 7.7


def test_the_band_decides_by_confidence_alone() -> None:
    found = by_band(ONE, np.array([0.96, 0.95, 0.99, 0.2]), crowd())
    assert found.automatic.tolist() == [True, False, True, False]


def test_an_oracle_automates_the_most_that_keeps_the_level() -> None:
    right = np.array([True, True, False, True])
    found = judged(np.array([0.9, 0.8, 0.7, 0.6]), right, np.zeros(4, dtype=np.bool_), np.ones(4, dtype=np.bool_), 0.25)
    assert (found["oracle_coverage"], found["automation_rate"]) == (1.0, 0.0)


def test_every_plan_makes_a_task_that_the_service_takes(tmp_path: Path) -> None:
    write_tasks(PLANS, tmp_path)
    found = load_tasks(tmp_path.glob("*.yaml"))
    assert set(found) == set(PLANS)
    assert {spec.review.undo_s for spec in found.values()} == {0.0}, "the desk waits for decisions that stand"
    assert found["sms_spam"].retrain is None
    assert found["tweets"].review.overlap == 2
