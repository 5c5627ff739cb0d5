"""The certificate as the service makes it: labels come one by one, it is looked at all the time, and the threshold is used."""

from dataclasses import dataclass

import numpy as np

from hitl.quality.answers import SettledReview
from hitl.quality.certificate import RiskLevel
from hitl.quality.certifying import CertificationPlan, progress
from tests.measure.simulations.certificates import allowance
from tests.measure.simulations.pools import Pool

GOLD_SHARE = 0.5
LOOK_EVERY = 25


@dataclass(frozen=True, slots=True)
class Earned:
    """The share of runs in which a threshold in force ever had a risk above the level; the mean automation at the end as a share
    of the best possible one; the share of runs without any, and the median of answers until the first threshold."""

    repetitions: int
    violations: float
    allowed: float
    coverage_of_oracle: float
    refused: float
    answers_to_first: float

    @property
    def holds(self) -> bool:
        return self.violations <= self.allowed


def earned(pool: Pool, risk: RiskLevel, answers: int, repetitions: int = 200, gold: float = GOLD_SHARE, seed: int = 21) -> Earned:
    """Runs of ``answers`` answers, a share ``gold`` of them drawn blindly, with a look after every 25."""
    rng = np.random.default_rng(seed)
    runs = np.array([_run(pool, risk, _answers(pool, answers, gold, rng)) for _ in range(repetitions)])
    violated, coverage, first = runs.T
    oracle = pool.oracle_coverage(risk.level)
    ratio = float(coverage.mean() / oracle) if oracle else 0.0
    never = float((coverage == 0).mean())
    violations, allowed = float(violated.mean()), allowance(risk.delta, repetitions)
    return Earned(repetitions, violations, allowed, ratio, never, float(np.median(first)))


def _run(pool: Pool, risk: RiskLevel, rows: list[SettledReview]) -> tuple[bool, float, float]:
    threshold, first = None, np.inf
    plan: CertificationPlan | None = None
    violated = False
    for seen in range(LOOK_EVERY, len(rows) + 1, LOOK_EVERY):
        found = progress(rows[:seen], risk, threshold, plan)
        plan = found.plan if threshold is None else plan
        if found.threshold is not None and found.threshold != threshold:
            threshold, first = found.threshold, min(first, seen)
            violated = violated or pool.risk(threshold) > risk.level
    return violated, 0.0 if threshold is None else pool.coverage(threshold), first


def _answers(pool: Pool, n: int, share: float, rng: np.random.Generator) -> list[SettledReview]:
    sample, gold = pool.draw(n, rng), rng.random(n) < share
    rows = zip(sample.scores.tolist(), sample.wrong.tolist(), gold.tolist(), strict=True)
    return [_answer(i, score, wrong, share if is_gold else None) for i, (score, wrong, is_gold) in enumerate(rows)]


def _answer(number: int, score: float, wrong: bool, gold: float | None) -> SettledReview:
    """``gold`` is the probability with which it was drawn, or None where it was not."""
    is_gold = gold is not None
    return SettledReview(
        review_id=f"c{number}-1",
        case_id=f"c{number}",
        purpose="gold" if is_gold else "review",
        is_blind=is_gold,
        label="b" if wrong else "a",
        prediction="a",
        confidence=score,
        segment="all",
        model_version="m",
        policy_version="p",
        is_automatic=False,
        streams=("gold",) if is_gold else (),
        gold_probability=gold or 0.0,
        audit_probability=0.0,
        opened_at=float(number),
        at=float(number),
    )
