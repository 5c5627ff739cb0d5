"""Certificates of parts: who answers a whole case judges each of its parts, and each certificate keeps its own promise."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.random import Generator

from hitl.quality.answers import SettledReview
from hitl.quality.certificate import RiskLevel
from hitl.quality.certifying import progress
from hitl.quality.checks import BlindCheck, DrawnPart, answered_check, checks_of_parts
from hitl.quality.family import family_of
from hitl.quality.planning import plan_of_traffic
from hitl.routing.policy import Policy, Risk

RISK = RiskLevel(0.05, 0.9)
REPETITIONS, CASES = 200, 500
MOST_FALSE = 1 - RISK.confidence + 3 * (0.1 * 0.9 / REPETITIONS) ** 0.5
ABOVE = 0.06
RANDOM = 0.1

DRAWN = BlindCheck(
    "c1",
    1.0,
    "all",
    "m",
    "p",
    "as_declared",
    0.7,
    False,
    ("gold",),
    parts=(DrawnPart("vendor", 0.4, False), DrawnPart("total", 0.9, True)),
)


def review(label: str, differing: dict[str, tuple[str, ...]], blind: bool = True, at: float = 2.0) -> SettledReview:
    said = ("c1-1", "c1", "gold", blind, label, "as_declared", 0.7, "all", "m", "p", False, ("gold",), 1.0, 0.0, 1.0, at)
    return SettledReview(*said, differing=differing)


def wrong_parts(*reviews: SettledReview) -> dict[str, bool | None]:
    found = checks_of_parts([answered_check(DRAWN, reviews)])
    return {each.segment: each.wrong for each in found}


def test_each_part_is_judged_by_whether_it_was_corrected() -> None:
    assert wrong_parts() == {"part:vendor": None, "part:total": None}
    assert wrong_parts(review("as_declared", {"as_declared": ()})) == {"part:vendor": False, "part:total": False}
    assert wrong_parts(review("corrected:1", {"corrected:1": ("vendor",)})) == {"part:vendor": True, "part:total": False}


def test_an_answer_that_does_not_say_in_which_parts_counts_against_all() -> None:
    assert wrong_parts(review("corrected:1", {})) == {"part:vendor": True, "part:total": True}
    assert wrong_parts(review("as_declared", {})) == {"part:vendor": False, "part:total": False}


def test_an_answer_that_saw_the_model_adds_errors_and_takes_none_away() -> None:
    blind = review("corrected:1", {"corrected:1": ("vendor",)})
    later = review("corrected:2", {"corrected:2": ("total",)}, blind=False, at=3.0)
    assert wrong_parts(blind, later) == {"part:vendor": True, "part:total": True}


def test_a_part_is_watched_where_the_model_decided_it() -> None:
    found = {each.segment: (each.confidence, each.is_automatic) for each in checks_of_parts([DRAWN])}
    assert found == {"part:vendor": (0.4, False), "part:total": (0.9, True)}


def test_certificates_that_hold_together_share_the_budget_among_the_parts() -> None:
    policy = Policy(parts="each", risk=Risk(level=0.05, confidence=0.9, family="all"))
    assert family_of(policy, ["as_declared", "corrected"], 5).segments == 5


def documents(errors: tuple[float, float], rng: Generator, cases: int = CASES) -> list[BlindCheck]:
    """Checks of two fields that are wrong together on bad pages. Once the other field would go by itself, a case is drawn with a
    smaller probability, which depends on that field's score alone."""
    found = []
    for number in range(cases):
        bad = rng.random() < 0.2
        scores = [float(1 - (0.4 + 0.2 * bad) * rng.beta(0.5, 3.0)) for _ in errors]
        wrong = [bool(rng.random() < error * (2.5 if bad else 0.625)) for error in errors]
        probability = RANDOM if number >= cases // 2 and scores[1] >= 0.95 else 1.0
        if rng.random() >= probability:
            continue
        parts = tuple(DrawnPart(name, score, False) for name, score in zip(("vendor", "total"), scores, strict=True))
        names = tuple(part.name for part, is_wrong in zip(parts, wrong, strict=True) if is_wrong)
        check = replace(DRAWN, case_id=f"c{number}", at=float(number), probability=probability, parts=parts)
        found.append(replace(check, wrong=bool(names), wrong_parts=names))
    return found


def certified(errors: tuple[float, float], rng: Generator, name: str = "part:vendor", cases: int = CASES) -> float | None:
    rows = [each for each in checks_of_parts(documents(errors, rng, cases)) if each.segment == name]
    return progress(rows, RISK, plan_of_traffic(rows, RISK), RANDOM).threshold


@pytest.mark.slow
def test_a_part_above_the_level_is_certified_no_more_often_than_promised() -> None:
    """Whatever the other part is worth, and although its score decides how often a case is checked."""
    rng = np.random.default_rng(11)
    false = sum(certified((ABOVE, 0.001), rng) is not None for _ in range(REPETITIONS))
    assert false / REPETITIONS <= MOST_FALSE


def test_a_good_part_is_certified_beside_a_bad_one() -> None:
    rng = np.random.default_rng(12)
    assert sum(certified((0.3, 0.004), rng, "part:total", 1000) is not None for _ in range(10)) >= 9
    assert sum(certified((0.3, 0.004), rng) is not None for _ in range(10)) == 0
