"""Checks by one person, and an expert where that one differs from the model: confirmed errors of the model stay unseen."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from hitl.quality.answers import SettledReview
from hitl.quality.arrays import Bools
from hitl.quality.certificate import RiskLevel, ScoredSample
from hitl.quality.expert_validation import is_validated
from hitl.quality.planning import plan_of_held_out
from hitl.quality.single_answers import SHARE_OF_DELTA, confirming_wrong, corrected
from hitl.quality.walks import reached
from tests.measure.simulations.certificates import allowance
from tests.measure.simulations.evidence import prefix_evidence
from tests.measure.simulations.pools import Pool

Answering = Literal["one", "one and expert, uncorrected", "one and expert, corrected", "two and expert"]
HELD_OUT, LOOK_EVERY = 500, 500
REVIEW = SettledReview(
    "r", "c", "gold", True, "b", "a", 0.9, "all", "m", "p", False, ("gold",), 1.0, 0.0, 0.0, 1.0, (("ann", "b"), ("eve", "b"))
)


@dataclass(frozen=True, slots=True)
class People:
    """``confirms``: the share of the model's errors that a person calls right; ``doubts``: the share of its right decisions that
    a person calls wrong. An expert, who is right, confirms the share ``validated`` whatever was said."""

    confirms: float = 0.16
    doubts: float = 0.05
    validated: float = 0.3


@dataclass(frozen=True, slots=True)
class CheckedBy:
    """The mean automation as a share of the best possible, ``answers`` a check, and the share of runs in which a threshold in
    force ever had a risk above the level."""

    repetitions: int
    coverage_of_oracle: float
    answers: float
    violations: float
    allowed: float


def checked_by(pool: Pool, people: People, answering: Answering, risk: RiskLevel, cases: int, repetitions: int) -> CheckedBy:
    rng = np.random.default_rng(111)
    found = np.array([_run(pool, people, answering, risk, cases, rng) for _ in range(repetitions)])
    coverage, answers, violated = found.T
    oracle = pool.oracle_coverage(risk.level)
    allowed = allowance(risk.delta * (1 + SHARE_OF_DELTA), repetitions)
    return CheckedBy(repetitions, float(coverage.mean() / oracle), float(answers.mean()), float(violated.mean()), allowed)


def _run(
    pool: Pool, people: People, answering: Answering, risk: RiskLevel, cases: int, rng: np.random.Generator
) -> tuple[float, float, bool]:
    drawn, plan = pool.draw(cases, rng), plan_of_held_out(pool.draw(HELD_OUT, rng), risk)
    assert plan is not None
    says_wrong = np.where(drawn.wrong[None], rng.random((2, cases)) >= people.confirms, rng.random((2, cases)) < people.doubts)
    validated = np.array([is_validated(f"r{i}", people.validated) for i in range(cases)])
    seen, asked = _seen(drawn.wrong, says_wrong, validated, answering)
    told = [replace(REVIEW, review_id=f"r{i}") for i in range(cases)] if answering == "one and expert, corrected" else []
    coverage, violated, grid = 0.0, False, np.array(plan.grid)
    for n in range(LOOK_EVERY, cases + 1, LOOK_EVERY):
        level = risk
        if told:
            told_of = np.flatnonzero(drawn.wrong[:n] & validated[:n])
            known = [_told(told[i], bool(says_wrong[0, i]), float(drawn.scores[i])) for i in told_of]
            level = corrected(risk, confirming_wrong(known, people.validated, SHARE_OF_DELTA * risk.delta))
        at = reached(prefix_evidence(ScoredSample(drawn.scores[:n], seen[:n]), grid, level.level).log_e, plan)
        coverage = 0.0 if at is None else pool.coverage(float(grid[at]))
        violated = violated or (at is not None and pool.risk(float(grid[at])) > risk.level)
    return coverage, asked, violated


def _seen(wrong: Bools, says_wrong: Bools, validated: Bools, answering: Answering) -> tuple[Bools, float]:
    """Which checks count as errors, and the answers a check."""
    one, other = says_wrong
    if answering == "one":
        return one, 1.0
    if answering == "two and expert":
        return np.where(one == other, one, wrong), 2.0 + float((one != other).mean())
    return wrong & (one | validated), 1.0 + float((one | validated).mean())


def _told(review: SettledReview, says_wrong: bool, score: float) -> SettledReview:
    first = "b" if says_wrong else "a"
    return replace(review, votes=(("ann", first), ("eve", "b")), expert_agreed=says_wrong, confidence=score)
