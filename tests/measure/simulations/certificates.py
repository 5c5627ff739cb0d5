"""How often a threshold breaks its promise, and how much it automates: the certificate, and the ways it must not be made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from hitl.quality.arrays import Floats
from hitl.quality.certificate import RiskLevel, ScoredSample, Versions, certify, certify_segments, counts_above, threshold_grid
from tests.measure.simulations.pools import Pool

VERSIONS = Versions("model", "calibrator", "policy")
TRAFFIC_ROWS = 2000
"""Unlabelled cases that fix the grid."""

Method = Callable[[ScoredSample, Floats, RiskLevel, ScoredSample], float | None]


def certified(sample: ScoredSample, grid: Floats, risk: RiskLevel, pilot: ScoredSample) -> float | None:
    """What the product does."""
    return certify(sample, grid, risk, VERSIONS, pilot=pilot).threshold


def empirical(sample: ScoredSample, grid: Floats, risk: RiskLevel, pilot: ScoredSample) -> float | None:
    """The wrong way: the lowest threshold whose observed error is under the level."""
    labels, errors = counts_above(sample, grid)
    fine = np.flatnonzero(errors <= risk.level * labels)
    return float(grid[fine[-1]]) if fine.size else None


def fixed(sample: ScoredSample, grid: Floats, risk: RiskLevel, pilot: ScoredSample) -> float | None:
    """The documents' way: 0.95, whatever the model."""
    return 0.95


@dataclass(frozen=True, slots=True)
class Study:
    """Over ``repetitions``: the share in which the exact risk was above the level, the mean automation as a share of the best
    possible one, and the share without any automation. ``allowed`` is delta plus three standard errors."""

    repetitions: int
    violations: float
    allowed: float
    coverage_of_oracle: float
    oracle_coverage: float
    refused: float

    @property
    def holds(self) -> bool:
        return self.violations <= self.allowed


def study(pool: Pool, risk: RiskLevel, labels: int, repetitions: int = 200, method: Method = certified, seed: int = 1) -> Study:
    """``labels`` cases are drawn from the ``pool`` each time, and the threshold is judged on all of it."""
    rng = np.random.default_rng(seed)
    thresholds = [_one(pool, risk, labels, method, rng) for _ in range(repetitions)]
    found = [t for t in thresholds if t is not None]
    oracle = pool.oracle_coverage(risk.level)
    violated = sum(pool.risk(t) > risk.level for t in found) / repetitions
    coverage = sum(pool.coverage(t) for t in found) / repetitions
    ratio = coverage / oracle if oracle else 0.0
    return Study(repetitions, violated, allowance(risk.delta, repetitions), ratio, oracle, 1 - len(found) / repetitions)


def allowance(delta: float, repetitions: int) -> float:
    """delta and three standard errors: what a share of repetitions may reach by chance."""
    return float(delta + 3 * np.sqrt(delta * (1 - delta) / repetitions))


@dataclass(frozen=True, slots=True)
class SegmentStudy:
    """The share of repetitions with a broken promise in any segment, and the mean automation over all traffic."""

    violations: float
    allowed: float
    coverage: float

    @property
    def holds(self) -> bool:
        return self.violations <= self.allowed


def segment_study(
    pools: Mapping[str, Pool], shares: Mapping[str, float], risk: RiskLevel, labels: int, pooled: bool, repetitions: int = 200
) -> SegmentStudy:
    """``shares`` of the traffic come from each pool; ``pooled`` is the wrong way: one threshold for all of them."""
    rng = np.random.default_rng(2)
    violated, covered = 0, 0.0
    for _ in range(repetitions):
        sizes = dict(zip(shares, rng.multinomial(labels, list(shares.values())), strict=True))
        samples = {name: pools[name].draw(int(n), rng) for name, n in sizes.items()}
        thresholds = _pooled(samples, pools, shares, risk, rng) if pooled else _apart(samples, pools, risk, rng)
        found = {name: t for name, t in thresholds.items() if t is not None}
        violated += any(pools[name].risk(t) > risk.level for name, t in found.items())
        covered += sum(shares[name] * pools[name].coverage(t) for name, t in found.items())
    return SegmentStudy(violated / repetitions, allowance(risk.delta, repetitions), covered / repetitions)


def _one(pool: Pool, risk: RiskLevel, labels: int, method: Method, rng: np.random.Generator) -> float | None:
    grid = threshold_grid(pool.draw(TRAFFIC_ROWS, rng).scores, labels, risk)
    return method(pool.draw(labels, rng), grid, risk, pool.pilot)


def _apart(
    samples: Mapping[str, ScoredSample], pools: Mapping[str, Pool], risk: RiskLevel, rng: np.random.Generator
) -> dict[str, float | None]:
    grids = {
        name: threshold_grid(pools[name].draw(TRAFFIC_ROWS, rng).scores, len(sample), risk) for name, sample in samples.items()
    }
    pilots = {name: pools[name].pilot for name in samples}
    return {name: c.threshold for name, c in certify_segments(samples, grids, risk, VERSIONS, pilots).items()}


def _pooled(
    samples: Mapping[str, ScoredSample],
    pools: Mapping[str, Pool],
    shares: Mapping[str, float],
    risk: RiskLevel,
    rng: np.random.Generator,
) -> dict[str, float | None]:
    everyone = _together(list(samples.values()))
    traffic = _together([pools[name].draw(int(share * TRAFFIC_ROWS), rng) for name, share in shares.items()])
    grid = threshold_grid(traffic.scores, len(everyone), risk)
    threshold = certify(everyone, grid, risk, VERSIONS).threshold
    return dict.fromkeys(samples, threshold)


def _together(samples: list[ScoredSample]) -> ScoredSample:
    return ScoredSample(np.concatenate([s.scores for s in samples]), np.concatenate([s.wrong for s in samples]))
