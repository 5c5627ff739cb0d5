"""A threshold earned while labels come in."""

from dataclasses import replace

import numpy as np
import pytest

from hitl.quality.answers import SettledReview, answer_of
from hitl.quality.certificate import RiskLevel
from hitl.quality.certifying import PILOT_ROWS, CertificationPlan, labels_to_certificate, progress
from hitl.quality.drift import AuditRates, DriftDetector
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


@pytest.mark.covers("003-10")
def test_labels_earn_a_threshold_and_few_labels_say_how_many_are_missing() -> None:
    early = progress(stream(150), RISK)
    assert early.threshold is None
    assert f"needs about {early.missing} more labels" in early.reason
    assert progress(stream(900), RISK).threshold is not None


def test_the_forecast_of_missing_labels_is_about_right() -> None:
    rows = stream(3000)
    reached = next(n for n in range(100, 3000, 10) if progress(rows[:n], RISK).threshold is not None)
    early = progress(rows[:200], RISK)
    assert early.missing is not None
    assert 0.3 * (reached - 200) <= early.missing <= 3 * (reached - 200)


def test_answers_that_no_coin_drew_prove_nothing() -> None:
    assert progress(stream(3000, gold_share=0.0), RISK).threshold is None
    assert progress(stream(3000, gold_share=0.0), RISK).gold == 0


def test_a_model_that_errs_too_often_is_told_that_labels_do_not_help() -> None:
    found = progress([answer(i, 0.99, wrong=i % 5 == 0) for i in range(800)], RISK)
    assert (found.threshold, found.missing) == (None, None)
    assert "the model must become better" in found.reason


def test_what_was_certified_stays_under_its_plan_and_moves_only_towards_more_automation() -> None:
    rows = stream(6000)
    first = next(found for n in range(300, 6000, 50) if (found := progress(rows[:n], RISK)).threshold is not None)
    assert first.plan is not None
    plan = CertificationPlan.of(first.plan.plain())
    later = progress(rows, RISK, first.threshold, plan)
    assert later.threshold is not None
    assert first.threshold is not None
    assert later.threshold < first.threshold
    emptied = progress(rows[:PILOT_ROWS], RISK, first.threshold, plan)
    assert emptied.threshold == first.threshold


def test_the_pilot_certifies_nothing() -> None:
    rows = stream(PILOT_ROWS)
    assert progress(rows, RISK).gold == 0


def test_a_certificate_names_its_labels() -> None:
    rows = stream(900)
    relabelled = [*rows[:-1], replace(rows[-1], label="c")]
    assert progress(rows, RISK).data != progress(relabelled, RISK).data


def test_labels_to_a_certificate_grow_without_bound_towards_the_level() -> None:
    easy, hard = labels_to_certificate(0.005, RISK, 0.1), labels_to_certificate(0.03, RISK, 0.1)
    assert easy is not None
    assert hard is not None
    assert easy < 150 < hard
    assert labels_to_certificate(0.05, RISK, 0.1) is None


def test_only_checks_of_automatic_decisions_feed_the_watch() -> None:
    rows = [answer(0, 0.99, True, gold=False), answer(1, 0.99, True, gold=False, automatic=True)]
    assert watched(DriftDetector(0.05), rows).audits == 1


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
