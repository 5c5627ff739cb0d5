"""A backlog: many cases come at once, and people answer the ones that the model is least sure of first."""

from dataclasses import dataclass

import numpy as np

from hitl.quality.certificate import RiskLevel, ScoredSample
from hitl.quality.planning import PILOT_CASES, plan_of_held_out, plan_of_traffic
from hitl.quality.walks import reached
from tests.measure.simulations.certificates import allowance
from tests.measure.simulations.earning import _check
from tests.measure.simulations.evidence import prefix_evidence
from tests.measure.simulations.pools import Pool

LOOK_EVERY = 500
HELD_OUT = 500


@dataclass(frozen=True, slots=True)
class BacklogStudy:
    """The share of runs with a certificate once ``cases`` were answered, its mean automation as a share of the best possible,
    the median answers until the first, and the share of runs in which a threshold in force was ever too low."""

    repetitions: int
    certified: float
    coverage_of_oracle: float
    answers_to_first: float
    violations: float
    allowed: float


def backlog_study(pool: Pool, risk: RiskLevel, backlog: int, cases: int, repetitions: int, is_held_out: bool) -> BacklogStudy:
    """``backlog`` cases wait when people begin, hard ones first; the others of ``cases`` come later, and are answered as they
    come. The plan rests on rows held out from training, or on the scores of the first cases."""
    rng = np.random.default_rng(91)
    found = np.array([_run(pool, risk, backlog, cases, is_held_out, rng) for _ in range(repetitions)])
    coverage, first, violated = found.T
    return BacklogStudy(
        repetitions,
        float((coverage > 0).mean()),
        float(coverage.mean() / pool.oracle_coverage(risk.level)),
        float(np.median(first)),
        float(violated.mean()),
        allowance(risk.delta, repetitions),
    )


def _run(
    pool: Pool, risk: RiskLevel, backlog: int, cases: int, is_held_out: bool, rng: np.random.Generator
) -> tuple[float, float, bool]:
    """The automation at the end, the answers until the first threshold, and whether one was ever too low."""
    drawn = pool.draw(cases, rng)
    turn = np.empty(cases, dtype=np.int64)
    turn[np.argsort(drawn.scores[:backlog], kind="stable")] = np.arange(backlog)
    turn[backlog:] = np.arange(backlog, cases)
    first_cases = [_check(i, float(score)) for i, score in enumerate(drawn.scores[:PILOT_CASES])]
    plan = plan_of_held_out(pool.draw(HELD_OUT, rng), risk) if is_held_out else plan_of_traffic(first_cases, risk)
    skipped = 0 if is_held_out else PILOT_CASES
    assert plan is not None
    grid, coverage, first, violated = np.array(plan.grid), 0.0, np.inf, False
    for answered in range(LOOK_EVERY, cases + 1, LOOK_EVERY):
        came = max(answered, backlog)
        sample = ScoredSample(drawn.scores[skipped:came], drawn.wrong[skipped:came] | (turn[skipped:came] >= answered))
        at = reached(prefix_evidence(sample, grid, risk.level).log_e, plan)
        coverage = 0.0 if at is None else pool.coverage(float(grid[at]))
        if at is not None:
            first, violated = min(first, answered), violated or pool.risk(float(grid[at])) > risk.level
    return coverage, first, violated
