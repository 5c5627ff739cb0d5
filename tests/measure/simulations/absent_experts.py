"""Real votes, and experts who never come: tweets of which two people said something, and that wait where these differ."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hitl.quality.arrays import Bools
from hitl.quality.certificate import RiskLevel, ScoredSample
from hitl.quality.planning import plan_of_held_out
from hitl.quality.walks import reached
from tests.measure.simulations import tweets
from tests.measure.simulations.certificates import allowance
from tests.measure.simulations.evidence import prefix_evidence
from tests.measure.simulations.pools import Pool

HELD_OUT, LOOK_EVERY = 500, 500


@dataclass(frozen=True, slots=True)
class VotedPool:
    """``pool`` has the truth by most of all votes; of two drawn ones ``differ`` says whether they do, and ``seen`` whether both
    contradict the model."""

    pool: Pool
    differ: Bools
    seen: Bools


@dataclass(frozen=True, slots=True)
class AbsentExperts:
    """The share of runs in which a threshold in force ever had a risk above the level, that of runs without any, and the mean
    automation at the end as a share of the best possible."""

    repetitions: int
    violations: float
    allowed: float
    refused: float
    coverage_of_oracle: float


def voted_tweets(folder: Path, seed: int = 121) -> VotedPool:
    """Raises OSError without the file of votes."""
    votes, rng = tweets.read(folder), np.random.default_rng(seed)
    order = rng.permutation(len(votes.texts))
    train, rest = order[: tweets.TRAIN], order[tweets.TRAIN :]
    said = tweets._model(votes, train, rest)
    two = np.array([rng.permutation(np.repeat(np.arange(3), votes.counts[item]))[:2] for item in rest])
    scores, predicted = said.max(axis=1), said.argmax(axis=1)
    wrong = predicted != votes.counts[rest].argmax(axis=1)
    pilot, cases = slice(0, HELD_OUT), slice(HELD_OUT, None)
    pool = Pool(ScoredSample(scores[cases], wrong[cases]), ScoredSample(scores[pilot], wrong[pilot]))
    differ, seen = two[:, 0] != two[:, 1], two[:, 0] != predicted
    return VotedPool(pool, differ[cases], seen[cases])


def absent_experts(
    world: VotedPool, risk: RiskLevel, cases: int, repetitions: int, drops_what_waits: bool = False, are_present: bool = False
) -> AbsentExperts:
    """``drops_what_waits`` is the wrong way: answered checks alone count. ``are_present``: experts settle what differs."""
    rng, pool = np.random.default_rng(122), world.pool
    plan, grid_size = plan_of_held_out(pool.pilot, risk), len(pool.cases)
    assert plan is not None
    grid, found = np.array(plan.grid), []
    for _ in range(repetitions):
        at = rng.integers(0, grid_size, cases)
        scores, waits, seen = pool.cases.scores[at], world.differ[at], world.seen[at]
        wrong = np.where(waits, pool.cases.wrong[at], seen) if are_present else seen | waits
        coverage, violated = 0.0, False
        for n in range(LOOK_EVERY, cases + 1, LOOK_EVERY):
            kept = np.flatnonzero(~waits[:n]) if drops_what_waits else np.arange(n)
            here = reached(prefix_evidence(ScoredSample(scores[kept], wrong[kept]), grid, risk.level).log_e, plan)
            coverage = 0.0 if here is None else pool.coverage(float(grid[here]))
            violated = violated or (here is not None and pool.risk(float(grid[here])) > risk.level)
        found.append((violated, coverage))
    violated_share, mean = (float(each) for each in np.array(found, dtype=np.float64).mean(axis=0))
    refused = float(np.mean([coverage == 0 for _, coverage in found]))
    allowed, oracle = allowance(risk.delta, repetitions), pool.oracle_coverage(risk.level)
    return AbsentExperts(repetitions, violated_share, allowed, refused, mean / oracle)
