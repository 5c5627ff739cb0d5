"""What a policy would have done with past traffic."""

from dataclasses import replace

import numpy as np
import pytest

from hitl.quality.dry_run import PastCase, Staff, figures, probability_of_a_look
from hitl.routing.circumstances import RoutingEvidence
from hitl.routing.prediction import Prediction
from hitl.routing.steering import Request, compiled_from
from hitl.routing.workload import share_in_time

LABELS = ["reject", "approve"]


def past(i: int, confidence: float, truth: str | None, looked_at: float = 1.0) -> PastCase:
    said = Prediction("approve", (1 - confidence, confidence), confidence, 0.1, "m")
    return PastCase(Request([], {}, "ada"), said, float(i * 36), looked_at, truth is not None, truth)


SURE_ONES = [past(i, 0.97, "reject" if i < 5 else "approve") for i in range(100)]
OTHERS = [past(i, 0.6, "approve") for i in range(100)]


def test_a_lower_band_automates_more_and_its_errors_come_with_an_interval() -> None:
    told = figures(compiled_from({"automatic": 0.96}, LABELS), RoutingEvidence(), SURE_ONES + OTHERS, Staff(), is_trial=True)
    assert told.automation_rate.value == 0.5
    rate = told.errors_automatic.by_labels
    assert (rate.value, rate.n, rate.method) == (0.05, 100, "clopper-pearson")
    assert rate.low < 0.05 < rate.high
    assert told.errors_automatic.by_the_model == pytest.approx(0.03)


def test_labels_of_a_drawn_share_stand_for_those_that_were_not_drawn() -> None:
    drawn = [past(i, 0.97, ("reject" if i < 2 else "approve") if i < 20 else None, 0.2) for i in range(100)]
    told = figures(compiled_from({}, LABELS), RoutingEvidence(), drawn, Staff(), is_trial=True)
    assert told.errors_automatic.by_labels.value == pytest.approx(0.1)


def test_cases_whose_answer_is_to_come_are_counted_and_left_out() -> None:
    waiting = PastCase(Request([], {}, "ada"), SURE_ONES[0].prediction, 1.0, 1.0, is_due=True, truth=None)
    told = figures(compiled_from({}, LABELS), RoutingEvidence(), [*SURE_ONES, waiting], Staff(), is_trial=True)
    assert (told.errors_automatic.unanswered, told.errors_automatic.by_labels.n) == (1, 100)


def test_the_error_covers_the_truth_while_most_answers_are_still_to_come() -> None:
    """A model that errs in 5 % of the cases and doubts 8 %; half of the cases were automatic and drawn with .145; four of ten
    people have answered."""
    rng, covered, values = np.random.default_rng(6), 0, []
    for _ in range(60):
        cases, wrong = [], rng.random(2_000) < 0.05
        for i, errs in enumerate(wrong):
            looked_at = 1.0 if i % 2 else 0.145
            is_due = bool(rng.random() < looked_at)
            truth = ("reject" if errs else "approve") if is_due and rng.random() < 0.4 else None
            cases.append(replace(past(i, 0.92, truth, looked_at), is_due=is_due))
        told = figures(compiled_from({"automatic": 0.9}, LABELS), RoutingEvidence(), cases, Staff(), is_trial=True)
        rate = told.errors_automatic.by_labels
        covered, values = covered + (rate.low <= wrong.mean() <= rate.high), [*values, rate.value]
    assert covered >= 54, covered
    assert np.mean(values) == pytest.approx(0.05, abs=0.005)


def test_work_cost_and_waiting_follow_the_routes() -> None:
    body = {"sampling": {"gold": 0.0, "audit": 0.0}, "costs": None}
    told = figures(compiled_from(body, LABELS), RoutingEvidence(), OTHERS, Staff(people=1, cases_per_hour=50), is_trial=True)
    assert (told.reviewer_hours, told.cost_per_decision.people) == (2.0, pytest.approx(0.4))
    assert told.started_in_time == 0.0


def test_more_people_start_more_cases_in_time() -> None:
    shares = [share_in_time(90, 50, people, 0.01) for people in (1, 2, 3, 10)]
    assert shares == sorted(shares)
    assert shares[0] == 0.0 < shares[1] < shares[-1] <= 1.0


def test_a_case_for_people_was_sure_to_be_seen_and_an_automatic_one_by_its_coins() -> None:
    assert probability_of_a_look("review", 0.01, 0.0) == 1.0
    assert probability_of_a_look("automatic", 0.01, 0.05) == pytest.approx(0.0595)
