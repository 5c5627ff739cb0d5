"""Somebody clicks through the checks of a model that errs too often, so that it may decide alone."""

from dataclasses import replace

import numpy as np

from hitl.quality.answers import KnownAnswer, SettledReview
from hitl.quality.certificate import RiskLevel
from hitl.quality.certifying import Progress, progress
from hitl.quality.checks import BlindCheck, answered_check
from hitl.quality.left_out import lazy_reviews
from hitl.quality.planning import CertificationPlan

RISK = RiskLevel(0.05, 0.9)
PLAN = CertificationPlan((0.5,), ((0, RISK.delta),), 100)
CHECK = BlindCheck("c", 1.0, "all", "m", "p", "a", 0.9, False, ("gold",))
REVIEW = SettledReview("r", "c", "gold", True, "a", "a", 0.9, "all", "m", "p", False, ("gold",), 1.0, 0.0, 0.0, 1.0)
CASES, HONEST = 800, 60


def answers(took_s: float) -> list[SettledReview]:
    """Ann looks at the first cases, of which the model gets 15 % wrong; Mallory calls it right on all the others."""
    rng, found = np.random.default_rng(7), []
    for i in range(CASES):
        who, held_s = ("ann", 60.0) if i < HONEST else ("mallory", took_s)
        label = "b" if who == "ann" and rng.random() < 0.15 else "a"
        at = 100.0 * i + held_s
        review = replace(REVIEW, review_id=f"c{i}-1", case_id=f"c{i}", label=label, held_s=held_s, at=at)
        found.append(replace(review, votes=((who, label),), voted_at=(at,)))
    return found


def certified(reviews: list[SettledReview], known: list[KnownAnswer], leaves_out: bool) -> Progress:
    lazy = lazy_reviews(reviews, known) if leaves_out else {}
    checks = [
        answered_check(replace(CHECK, case_id=each.case_id, at=100.0 * i + 1.0), [each], lazy) for i, each in enumerate(reviews)
    ]
    return progress(checks, RISK, PLAN)


def test_clicking_through_earns_a_certificate_where_lazy_answers_count() -> None:
    assert certified(answers(took_s=1.0), [], leaves_out=False).threshold == 0.5


def test_clicking_through_earns_nothing_where_lazy_answers_are_left_out() -> None:
    found = certified(answers(took_s=1.0), [], leaves_out=True)
    assert (found.threshold, found.waiting) == (None, CASES - HONEST)


def test_waiting_a_minute_before_each_click_does_not_help_against_known_answers() -> None:
    known = [KnownAnswer("mallory", "a", "b" if at % 2 else "a", None, 100.0 * at) for at in range(30)]
    assert certified(answers(took_s=60.0), [], leaves_out=True).threshold == 0.5
    found = certified(answers(took_s=60.0), known, leaves_out=True)
    assert (found.threshold, found.waiting) == (None, CASES - HONEST)


def test_answering_first_and_quickly_makes_no_limit_for_oneself() -> None:
    """Mallory answers hundreds in a second each before anybody else: her own pace is no part of what others took."""
    quick = answers(took_s=1.0)
    early = [
        replace(each, review_id=f"e{i}-1", at=each.at - 1e6, voted_at=(each.at - 1e6,)) for i, each in enumerate(quick[HONEST:])
    ]
    found = lazy_reviews([*early, *quick], [])
    assert {name for name in found if name.startswith("c")} == {each.review_id for each in quick[HONEST:]}
