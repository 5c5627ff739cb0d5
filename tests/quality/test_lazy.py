"""Answers that nobody looked for are no evidence, and no verdict on them ever reads the answer."""

from dataclasses import fields, replace

import numpy as np
import pytest

from hitl.quality.answers import KnownAnswer, SettledReview
from hitl.quality.certificate import RiskLevel
from hitl.quality.certifying import progress
from hitl.quality.checks import BlindCheck, answered_check
from hitl.quality.lazy import ENOUGH, TestedAnswer, TimedAnswer, lazy_answers
from hitl.quality.left_out import LeftOut, lazy_reviews, left_out_figures, left_out_of
from hitl.quality.planning import CertificationPlan

RISK = RiskLevel(0.05, 0.9)
CALM_S = 60.0
REVIEW = SettledReview("r", "c", "gold", True, "a", "a", 0.9, "all", "m", "p", False, ("gold",), 1.0, 0.0, 0.0, 1.0)
CHECK = BlindCheck("c", 1.0, "all", "m", "p", "a", 0.9, False, ("gold",))


CALM = [replace(REVIEW, review_id=f"a{i}", votes=(("ann", "a"),), voted_at=(i * CALM_S,), held_s=CALM_S) for i in range(ENOUGH)]


def answers(reviewer: str, n: int, took_s: float, first: float = 0.0) -> list[TimedAnswer]:
    """One after the other; the first comes at ``first``."""
    return [TimedAnswer(f"{reviewer}-{first:g}-{i}", reviewer, first + i * took_s, took_s) for i in range(n)]


def judged(reviewer: str, wrong: list[bool], first: float = 0.0) -> list[TestedAnswer]:
    return [TestedAnswer(reviewer, first + i, each) for i, each in enumerate(wrong)]


def test_answers_that_take_a_fraction_of_what_others_take_are_quick() -> None:
    found = lazy_answers([*answers("ann", ENOUGH, CALM_S), *answers("ben", 5, CALM_S / 10, first=1e5)], [])
    assert set(found) == {f"ben-100000-{i}" for i in range(5)}
    assert set(found.values()) == {"quick"}
    assert not lazy_answers([*answers("ann", ENOUGH, CALM_S), *answers("ben", 5, CALM_S / 4, first=1e5)], [])


def test_somebody_who_begins_to_click_through_is_quick_for_themselves() -> None:
    found = lazy_answers([*answers("ann", ENOUGH, CALM_S), *answers("ann", 5, CALM_S / 20, first=1e5)], [])
    assert len(found) == 5


def test_nobody_is_quick_before_enough_is_known() -> None:
    assert not lazy_answers([*answers("ann", ENOUGH - 1, CALM_S), *answers("ben", 5, 0.1, first=1e5)], [])


def test_cases_that_were_claimed_together_are_timed_one_by_one() -> None:
    """Ben holds five for a minute and answers all in the last five seconds: the first alone may have taken long."""
    held = [TimedAnswer(f"ben-{i}", "ben", 1e5 + 60 + i, 60.0 + i) for i in range(5)]
    assert set(lazy_answers([*answers("ann", ENOUGH, CALM_S), *held], [])) == {f"ben-{i}" for i in range(1, 5)}


def test_a_verdict_stays_whatever_comes_later() -> None:
    before = [*answers("ann", ENOUGH, CALM_S), *answers("ben", 5, CALM_S / 10, first=1e5)]
    later = [*before, *answers("ann", 500, 0.1, first=2e5)]
    assert lazy_answers(before, []).items() <= lazy_answers(later, []).items()
    assert lazy_answers(list(reversed(before)), []) == lazy_answers(before, [])


def test_who_fails_the_known_answers_is_left_out_from_their_start_until_the_tests_are_passed_again() -> None:
    given = [TimedAnswer(f"r{at}", "ann", float(at), CALM_S) for at in (0, 50, 1000)]
    failed, passed = judged("ann", [True, False] * 15), judged("ann", [False] * 120, first=100.0)
    assert lazy_answers(given, failed) == {f"r{at}": "known answers" for at in (0, 50, 1000)}
    assert lazy_answers(given, failed + passed) == {f"r{at}": "known answers" for at in (0, 50)}
    assert not lazy_answers(given, judged("ben", [True] * 20))


@pytest.mark.slow
def test_somebody_who_errs_as_much_as_is_tolerated_is_seldom_accused() -> None:
    rng = np.random.default_rng(5)
    given = [TimedAnswer("r", "ann", 1e6, CALM_S)]
    accused = [bool(lazy_answers(given, judged("ann", list(rng.random(200) < 0.2)))) for _ in range(300)]
    assert np.mean(accused) <= 0.07


def test_a_rule_can_read_neither_the_answer_nor_what_the_model_said() -> None:
    assert {each.name for each in fields(TimedAnswer)} == {"review_id", "reviewer", "at", "held_s"}
    assert {each.name for each in fields(TestedAnswer)} == {"reviewer", "at", "is_wrong"}


def test_the_same_answers_are_left_out_whether_the_model_was_right_or_not() -> None:
    quick = replace(REVIEW, review_id="b", votes=(("ben", "a"),), voted_at=(1e5,), held_s=1.0)
    for prediction, label in (("a", "a"), ("a", "b"), ("b", "a"), (None, "a")):
        assert set(lazy_reviews([*CALM, replace(quick, prediction=prediction, label=label)], [])) == {"b"}


def test_experts_settle_what_somebody_did_not_look_at() -> None:
    votes = (("ben", "a"), ("eve", "b"))
    settled = replace(REVIEW, review_id="b", votes=votes, voted_at=(1e5, 2e5), expert_agreed=False)
    known = [KnownAnswer("ben", "b", "a", None, float(at)) for at in range(20)]
    assert lazy_reviews([*CALM, settled], known) == {}
    assert lazy_reviews([*CALM, replace(settled, expert_agreed=None)], known) == {"b": "known answers"}


def test_a_check_that_was_left_out_waits_until_somebody_else_has_answered() -> None:
    first = replace(REVIEW, review_id="c-1")
    assert answered_check(CHECK, [first]).wrong is False
    assert answered_check(CHECK, [first], {"c-1"}).wrong is None
    second = replace(REVIEW, review_id="c-2", label="b")
    assert answered_check(CHECK, [first, second], {"c-1"}).wrong is True
    assert answered_check(CHECK, [first, second], {"c-2"}).wrong is None


def test_what_is_left_out_counts_as_wrong_and_is_never_dropped() -> None:
    plan = CertificationPlan((0.5,), ((0, RISK.delta),), 100)
    checks = [replace(CHECK, case_id=f"c{i}", at=1.0 + i, wrong=False) for i in range(120)]
    assert progress(checks, RISK, plan).threshold == 0.5
    left_out = [replace(each, wrong=None) for each in checks[:60]] + checks[60:]
    found = progress(left_out, RISK, plan)
    assert (found.threshold, found.waiting) == (None, 60)


def test_leaving_out_the_answers_that_contradict_the_model_would_certify_what_is_false() -> None:
    """Why no rule may read them: of a model that errs in 15 % everything would look right."""
    plan, rng = CertificationPlan((0.5,), ((0, RISK.delta),), 100), np.random.default_rng(3)
    checks = [replace(CHECK, case_id=f"c{i}", at=1.0 + i, wrong=bool(rng.random() < 0.15)) for i in range(300)]
    assert progress(checks, RISK, plan).threshold is None
    assert progress([each for each in checks if not each.wrong], RISK, plan).threshold == 0.5


def test_figures_say_how_many_were_left_out_and_how_many_still_wait() -> None:
    lazy = {"c-1": "quick", "d-1": "known answers", "e-1": "quick"}
    reviews = {each: [replace(REVIEW, review_id=f"{each}-1", case_id=each)] for each in "cdf"}
    found = left_out_of(reviews, lazy, waiting={"c"})  # type: ignore[arg-type]
    assert found == {"c-1": LeftOut("quick", True), "d-1": LeftOut("known answers", False)}
    told = left_out_figures(found.values())
    assert (told.quick, told.known_answers, told.waiting) == (1, 1, 1)
