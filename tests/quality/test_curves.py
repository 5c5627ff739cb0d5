"""The figures behind the charts, from answers whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from hitl.quality.answer_columns import columns_of
from hitl.quality.answers import SettledReview
from hitl.quality.between_people import between_people
from hitl.quality.binomial import clopper_pearson
from hitl.quality.curves import calibration_error, model_curves, reliability_bins, risk_coverage
from hitl.quality.drift import DriftDetector
from hitl.quality.drift_path import drift_path
from hitl.quality.learning_curve import learning_curve
from hitl.quality.waiting import waiting
from hitl.quality.weighted import Blind, blind_sample, weighted_rate
from tests.fakes.approvals import served, view
from tests.quality.test_certifying import answer


def audited(number: int, wrong: bool, confidence: float = 0.99) -> SettledReview:
    return replace(answer(number, confidence, wrong, gold=False, automatic=True), gold_probability=0.0)


def test_equal_weights_give_the_exact_interval() -> None:
    exact, found = clopper_pearson(3, 40), weighted_rate(np.full(40, 7.0), np.array([1.0] * 3 + [0.0] * 37))
    assert (found.value, found.n) == (exact.value, 40)
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high))


def test_answers_that_saw_the_suggestion_or_were_not_drawn_do_not_count() -> None:
    seen, not_drawn, kept = answer(1, 0.8), answer(2, 0.8, gold=False), answer(3, 0.8)
    assert len(blind_sample(columns_of([replace(seen, is_blind=False), replace(not_drawn, is_blind=True), kept]))) == 1


def test_rare_draws_weigh_more_in_coverage_and_risk() -> None:
    rare = replace(audited(1, wrong=True), audit_probability=0.1)
    often = [replace(answer(n, 0.6), gold_probability=0.5) for n in (2, 3)]
    points = risk_coverage(blind_sample(columns_of([rare, *often])))
    assert [(point.threshold, round(point.coverage, 3), round(point.risk.value or 0, 3)) for point in points] == [
        (0.99, 0.714, 1.0),
        (0.6, 1.0, 0.714),
    ]


def test_equal_scores_stand_on_one_side_of_a_threshold() -> None:
    points = risk_coverage(blind_sample(columns_of([answer(n, 0.9, wrong=n == 0) for n in range(4)])))
    assert [(point.threshold, point.coverage, point.risk.n) for point in points] == [(0.9, 1.0, 4)]


def test_bins_say_what_the_model_said_and_what_was_right() -> None:
    sample = blind_sample(columns_of([answer(n, 0.95, wrong=n < 2) for n in range(10)]))
    [found] = reliability_bins(sample)
    assert (found.confidence, found.accuracy.value) == pytest.approx((0.95, 0.8))
    assert calibration_error(sample).value == pytest.approx(0.15)


def test_a_model_without_blind_answers_has_empty_curves() -> None:
    found = model_curves(columns_of([answer(1, 0.9)]), "another")
    assert (found.labels, found.risk_coverage, found.reliability.bins) == (0, [], [])
    assert found.reliability.ece.value is None


@pytest.mark.parametrize(("named", "names"), [(True, ["ann", "bob"]), (False, ["person 1", "person 2"])])
def test_pairs_agree_on_the_cases_that_both_answered(named: bool, names: list[str]) -> None:
    items = [replace(answer(n, 0.5), votes=(("ann", "a"), ("bob", "a" if n else "b"))) for n in range(4)]
    alone = replace(answer(9, 0.5), votes=(("ann", "a"),))
    found = between_people([*items, alone], ["a", "b"], named)
    assert found.people == names
    assert [(pair.a, pair.b, pair.n, pair.value) for pair in found.pairs] == [(*names, 4, 0.75)]
    assert found.alpha.n == 4


def test_an_expert_who_confirms_what_was_shown_is_no_second_opinion() -> None:
    item = replace(answer(1, 0.5), votes=(("ann", "a"), ("eve", "a")), expert_agreed=True)
    assert between_people([item], ["a", "b"], True).pairs == []


def test_wrong_checks_raise_the_error_and_the_evidence_of_drift() -> None:
    calm = [audited(n, wrong=False) for n in range(20)]
    path = drift_path(columns_of([*calm, *(audited(20 + n, wrong=True) for n in range(10))]), DriftDetector(0.05))
    assert [stretch.value for stretch in path] == [0.0, 0.0, 1.0]
    assert [(stretch.evidence or 0) > 1000 for stretch in path] == [False, False, True]


def test_without_a_level_there_is_no_evidence_but_an_error() -> None:
    assert [stretch.evidence for stretch in drift_path(columns_of([audited(1, wrong=True)]), None)] == [None]


def test_each_version_stands_once_with_the_rows_it_learned_from() -> None:
    lines = [
        served(approval_id=which, versions=[(model, 1.0)], since=at)
        for at, (which, model) in enumerate([("x", "m"), ("y", "n"), ("x", "m")])
    ]
    accuracy = {"value": 0.9, "n": 100, "interval_95": [0.82, 0.95]}
    approvals = [view(approval_id="x", evidence={"candidate": {"accuracy": accuracy}, "data": {"rows": 50}})]
    approvals.append(view(approval_id="y", evidence={"accuracy": 0.9}))
    assert [(p.model, p.labels, p.value, p.n) for p in learning_curve(lines, approvals).points] == [("m", 50, 0.9, 100)]


def test_waits_and_kept_deadlines_are_those_of_people_by_priority() -> None:
    late = [replace(answer(n, 0.5), at=n + 60.0 * (n + 1), priority="high", due_at=n + 150.0) for n in range(4)]
    found = waiting(columns_of([*late, audited(9, wrong=False)]))
    assert [(row.share, row.value, row.n) for row in found.percentiles][:2] == [(0.5, 120.0, 4), (0.9, 240.0, 4)]
    assert found.in_time["high"].value == 0.5


@pytest.mark.slow
@pytest.mark.parametrize("risk", [0.01, 0.05, 0.2])
def test_the_weighted_interval_covers_the_risk(risk: float) -> None:
    rng, covered = np.random.default_rng(7), 0
    for _ in range(1000):
        common = rng.random(400) < 0.5
        drawn = rng.random(400) < np.where(common, 0.5, 0.1)
        weights = np.where(common, 2.0, 10.0)[drawn]
        found = weighted_rate(weights, (rng.random(400) < risk)[drawn].astype(np.float64))
        covered += found.low <= risk <= found.high
    assert covered >= 940


def test_an_empty_sample_has_no_points() -> None:
    assert risk_coverage(Blind(np.empty(0), np.empty(0, dtype=np.bool_), np.empty(0))) == []
