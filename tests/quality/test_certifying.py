"""A threshold earned while labels come in."""

from dataclasses import replace

import numpy as np
import pytest

from hitl.quality.answers import SettledReview, answer_of
from hitl.quality.certificate import RiskLevel, ScoredSample
from hitl.quality.certifying import Progress, certifying_sample, labels_to_certificate, progress
from hitl.quality.checks import BlindCheck, answered_check
from hitl.quality.drift import AuditRates, DriftDetector
from hitl.quality.eprocess import log_e_certify
from hitl.quality.planning import PILOT_CASES, CertificationPlan, plan_of_held_out, plan_of_traffic
from hitl.quality.prefixes import prefix_evidence
from hitl.quality.watching import audit_rate, watched
from hitl.review.views import LabelledRow, ReviewAnswer
from hitl.routing.route import Priority

RISK = RiskLevel(0.05, 0.9)


def answer(number: int, confidence: float, wrong: bool = False, gold: bool = True, automatic: bool = False) -> SettledReview:
    streams = ("gold",) if gold else ("audit",) if automatic else ()
    return SettledReview(
        review_id=f"c{number}-1",
        case_id=f"c{number}",
        purpose="gold" if gold else "audit" if automatic else "review",
        is_blind=bool(streams),
        label="b" if wrong else "a",
        prediction="a",
        confidence=confidence,
        segment="",
        model_version="m",
        policy_version="p",
        is_automatic=automatic,
        streams=streams,
        gold_probability=0.1,
        audit_probability=0.05 if automatic else 0.0,
        opened_at=float(number),
        at=float(number),
    )


def stream(n: int, seed: int = 0, gold_share: float = 1.0) -> list[SettledReview]:
    """Cases of a model that errs as often as it says."""
    rng = np.random.default_rng(seed)
    confidence = 1 - 0.5 * rng.beta(0.5, 2.0, n)
    wrong, gold = rng.random(n) < 1 - confidence, rng.random(n) < gold_share
    return [answer(i, float(c), bool(w), bool(g)) for i, (c, w, g) in enumerate(zip(confidence, wrong, gold, strict=True))]


def check_of(told: SettledReview) -> BlindCheck:
    """The check that ``told`` answers, drawn when its review was opened."""
    ids = (told.case_id, told.opened_at, told.segment, told.model_version, told.policy_version)
    return BlindCheck(*ids, told.prediction, told.confidence, told.is_automatic, told.streams, wrong=told.is_wrong)


def checks(n: int, seed: int = 0, gold_share: float = 1.0) -> list[BlindCheck]:
    return [check_of(each) for each in stream(n, seed, gold_share)]


def found_in(rows: list[BlindCheck], risk: RiskLevel = RISK) -> Progress:
    """What the first cases plan and the others prove."""
    return progress(rows, risk, plan_of_traffic(rows, risk))


@pytest.mark.covers("003-10")
def test_labels_earn_a_threshold_and_few_labels_say_how_many_are_missing() -> None:
    early = found_in(checks(150))
    assert early.threshold is None
    assert f"needs about {early.missing} more labels" in early.reason
    assert found_in(checks(900)).threshold is not None


def test_forecasts_of_missing_labels_come_true() -> None:
    """In the middle of many streams what was still to come is what had been said, and seldom three times as much or a third."""
    ratios = []
    for seed in range(30):
        rows = checks(3000, seed)
        early = found_in(rows[:150]).missing
        reached = next(n for n in range(150, 3001, 10) if found_in(rows[:n]).threshold is not None)
        ratios.append((early or 0) / max(reached - 150, 10))
    assert 0.5 <= float(np.median(ratios)) <= 2.0
    assert np.quantile(ratios, 0.1) >= 1 / 3


def test_answers_that_no_coin_drew_prove_nothing() -> None:
    assert found_in(checks(3000, gold_share=0.0)).threshold is None
    assert found_in(checks(3000, gold_share=0.0)).random_answers == 0


def test_a_model_that_errs_too_often_is_told_that_labels_do_not_help() -> None:
    found = found_in([check_of(answer(i, 0.99, wrong=i % 5 == 0)) for i in range(1, 800)])
    assert (found.threshold, found.missing) == (None, None)
    assert "the model must become better" in found.reason


def test_labels_help_as_long_as_any_walk_may_pass() -> None:
    """The surest fifth is right, all others are wrong: the model is useless as a whole and its surest cases are not."""
    rows = [check_of(answer(i, 0.95 if i % 5 == 0 else 0.6, wrong=i % 5 != 0)) for i in range(1, 130)]
    found = found_in(rows)
    assert found.threshold is None
    assert found.missing is not None
    assert "will not help" not in found.reason


def test_a_threshold_moves_only_towards_more_automation_while_labels_stay_as_they_are() -> None:
    rows, plan = checks(6000), plan_of_traffic(checks(6000), RISK)
    reached = [found.threshold for n in range(300, 6000, 100) if (found := progress(rows[:n], RISK, plan)).threshold is not None]
    assert reached == sorted(reached, reverse=True)
    assert reached[-1] < reached[0]


def test_corrected_labels_take_a_certificate_back() -> None:
    rows = checks(900)
    plan = plan_of_traffic(rows, RISK)
    corrected = [replace(each, wrong=True) if i % 3 == 0 else each for i, each in enumerate(rows)]
    assert progress(rows, RISK, plan).threshold is not None
    assert progress(corrected, RISK, plan).threshold is None


def test_what_waits_counts_as_wrong_and_later_cases_take_nothing_back() -> None:
    rows = checks(900)
    plan = plan_of_traffic(rows, RISK)
    certified = progress(rows, RISK, plan).threshold
    waiting = [replace(each, wrong=None, at=each.at + 1000, case_id=f"w{each.case_id}") for each in rows]
    assert progress([*rows, *waiting], RISK, plan).threshold == certified
    slow = [replace(each, wrong=None) if each.wrong else each for each in rows]
    assert progress(slow, RISK, plan).threshold == certified
    silent = [replace(each, wrong=None) if i % 3 == 0 else each for i, each in enumerate(rows)]
    assert progress(silent, RISK, plan).threshold is None


def test_evidence_is_the_greatest_over_all_prefixes() -> None:
    rng = np.random.default_rng(3)
    sample = ScoredSample(rng.random(300).round(2), rng.random(300) < 0.06)
    grid = np.array([0.9, 0.5, 0.1])
    found = prefix_evidence(sample, grid, 0.1)
    for at, threshold in enumerate(grid):
        every = [prefix_of(sample, m, threshold) for m in range(301)]
        assert found.log_e[at] == pytest.approx(max(log_e_certify(k, n, 0.1) for n, k in every))
        assert (found.labels[at], found.errors[at]) in every


def prefix_of(sample: ScoredSample, m: int, threshold: float) -> tuple[int, int]:
    above = sample.scores[:m] >= threshold
    return int(above.sum()), int(sample.wrong[:m][above].sum())


def test_the_cases_that_fix_the_plan_certify_nothing() -> None:
    assert found_in(checks(PILOT_CASES)).random_answers == 0


def test_a_backlog_answered_in_order_of_difficulty_fixes_the_same_plan() -> None:
    rows = checks(400)
    hard = [each if each.confidence is not None and each.confidence < 0.8 else replace(each, wrong=None) for each in rows]
    assert plan_of_traffic(hard, RISK) == plan_of_traffic(rows, RISK)


def test_a_plan_of_held_out_rows_wastes_no_case() -> None:
    rows = checks(400)
    held_out = plan_of_held_out(certifying_sample(checks(300, seed=9)), RISK)
    assert held_out is not None
    assert CertificationPlan.of(held_out.plain()) == held_out
    assert progress(rows, RISK, held_out).random_answers == 399  # the first case came at 0


def test_a_certificate_names_its_labels() -> None:
    rows = checks(900)
    relabelled = [*rows[:-1], replace(rows[-1], wrong=not rows[-1].wrong)]
    assert found_in(rows).data != found_in(relabelled).data


BLIND = answer(1, 0.9)


@pytest.mark.parametrize(
    ("reviews", "wrong"),
    [
        ([], None),
        ([replace(BLIND, is_blind=False)], None),
        ([BLIND], False),
        ([replace(BLIND, label="b")], True),
        ([replace(BLIND, label="b"), replace(BLIND, is_blind=False)], True),
        ([BLIND, replace(BLIND, is_blind=False, label="b")], True),
        ([replace(BLIND, label="b"), BLIND], False),
        ([replace(BLIND, amended=("b",))], True),
        ([replace(BLIND, label="b", amended=("a",))], True),
    ],
)
def test_only_blind_answers_take_an_error_away(reviews: list[SettledReview], wrong: bool | None) -> None:
    assert answered_check(replace(check_of(BLIND), wrong=None), reviews).wrong is wrong


def test_labels_to_a_certificate_grow_without_bound_towards_the_level() -> None:
    easy, hard = labels_to_certificate(0.005, RISK, 0.1), labels_to_certificate(0.03, RISK, 0.1)
    assert easy is not None
    assert hard is not None
    assert easy < 150 < hard
    assert labels_to_certificate(0.05, RISK, 0.1) is None


def automatic(number: int, wrong: bool | None) -> BlindCheck:
    return replace(check_of(answer(number, 0.99, gold=False, automatic=True)), wrong=wrong)


def test_only_checks_of_automatic_decisions_feed_the_watch() -> None:
    rows = [check_of(answer(0, 0.99, True, gold=False)), automatic(1, True)]
    assert watched(DriftDetector(0.05), rows, due_before=9.0).detector.audits == 1


def test_a_check_that_nobody_answers_in_time_counts_as_wrong_and_a_younger_one_ends_the_look() -> None:
    rows = [automatic(1, False), automatic(2, None), automatic(3, False), automatic(8, None), automatic(9, True)]
    found = watched(DriftDetector(0.05), rows, due_before=5.0)
    assert (found.detector.audits, found.wrong, found.unanswered) == (3, 1, 1)
    assert found.told("automatic decisions") == (
        "1 of 3 blind checks of automatic decisions were wrong, 1 of them because nobody answered in time, the level is 0.05"
    )


def test_silence_stops_automation() -> None:
    rows = [automatic(i, False) for i in range(100)] + [automatic(100 + i, None) for i in range(20)]
    assert not watched(DriftDetector(0.05), rows, due_before=100.0).detector.alarmed
    assert watched(DriftDetector(0.05), rows, due_before=200.0).detector.alarmed


def test_audit_rates_move_in_few_steps() -> None:
    rates = AuditRates(0.05, 0.5)
    worried = DriftDetector(0.05).after(True).after(True)
    assert audit_rate(worried, rates, 0.05) in (0.1, 0.2, 0.4, 0.5)
    assert audit_rate(DriftDetector(0.05), rates, 0.1) == 0.1
    assert audit_rate(DriftDetector(0.05), rates, 0.4) == 0.05


def test_a_row_of_labels_is_read_with_its_probabilities() -> None:
    answers = [ReviewAnswer("ann", "c", 1.0, "", 5.0), ReviewAnswer("eve", "b", 1.0, "", 7.0, is_expert=True)]
    row = LabelledRow(
        case_id="c",
        review_id="c-1",
        purpose="audit",
        blind=True,
        streams=["audit"],
        prediction="a",
        probabilities=[0.99, 0.01],
        confidence=0.99,
        segment="eu",
        model_version="m",
        policy_version="p",
        gold_probability=0.01,
        audit_probability=0.05,
        is_automatic=True,
        rules=["large"],
        opened_at=1.0,
        priority=Priority.LOW,
        due_at=9.0,
        answers=answers,
        label="b",
        reviewers=["ann", "eve"],
        reviewer="eve",
        at=7.0,
        amends=False,
        held_s=2.0,
        posterior=None,
    )
    found = answer_of(row)
    assert (found.is_automatic, found.is_drawn, found.is_gold, found.is_wrong) == (True, True, False, True)
    assert found.probability == pytest.approx(0.0595)
    assert (found.votes, found.expert_agreed) == ((("ann", "c"), ("eve", "b")), False)


EXAMPLE = BlindCheck("c", 0.0, "all", "m", "p", "a", 0.9, False, ("gold",))


def copies(inputs: int, each: int, wrong: int) -> list[BlindCheck]:
    """Each of the inputs so many times, one of each after the other; all copies of the first ``wrong`` inputs are wrong."""
    return [
        replace(
            EXAMPLE, case_id=f"c{copy}-{i}", at=1.0 + copy * inputs + i, confidence=0.9, wrong=i < wrong, content=f"{i + 1:024x}"
        )
        for copy in range(each)
        for i in range(inputs)
    ]


def test_copies_of_one_case_are_one_piece_of_evidence() -> None:
    plan = CertificationPlan((0.9,), ((0, 0.1),), 100)
    assert progress(copies(30, 10, wrong=0), RiskLevel(0.05, 0.9), plan).threshold is None
    assert progress(copies(300, 1, wrong=0), RiskLevel(0.05, 0.9), plan).threshold == 0.9


def test_a_wrong_input_that_comes_again_and_again_is_no_single_error() -> None:
    plan = CertificationPlan((0.9,), ((0, 0.1),), 100)
    hot = [replace(each, case_id=f"hot{i}", at=1000.0 + i) for i, each in enumerate(copies(1, 60, wrong=1))]
    mixed = sorted([*copies(300, 1, wrong=0), *(replace(each, at=each.at - 995.0) for each in hot)], key=lambda each: each.at)
    assert progress(mixed, RiskLevel(0.05, 0.9), plan).threshold is None
