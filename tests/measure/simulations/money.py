"""The certificate for money on worlds whose mean loss is known, beside the wrong way: a normal bound on the mean."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from hitl.quality.arrays import Bools, Floats
from hitl.quality.money import MoneyLevel, PricedSample, loss_evidence, money_progress, plan_for_money
from tests.measure.simulations.certificates import allowance

HELD_OUT = 500
LEAST_COVERAGE = 0.01
"""A best possible automation under it is an accident of the counted cases."""


@dataclass(frozen=True, slots=True)
class MoneyWorld:
    """Scores are uniform; a case errs with ``risk`` times how unsure it is, so that the surest are the best, or with ``flat``
    everywhere. Harms are log-normal around ``typical`` dollars, cut at ``most``; ``dear_are_hard``: dear cases err more often."""

    most: float = 500.0
    typical: float = 30.0
    risk: float = 0.10
    flat: float = 0.0
    dear_are_hard: bool = False

    def draw(self, n: int, rng: np.random.Generator) -> PricedSample:
        scores = 0.5 + 0.5 * rng.random(n)
        harms = np.minimum(rng.lognormal(np.log(self.typical), 1.2, n), self.most)
        chance = self.flat + self.risk * (1 - scores) * 2
        if self.dear_are_hard:
            chance = chance * np.sqrt(harms / self.typical)
        return PricedSample(scores, harms, rng.random(n) < np.minimum(chance, 1.0))


@dataclass(frozen=True, slots=True)
class MoneyStudy:
    """The share of runs whose threshold costs more than the level in truth, beside what is allowed; the mean share of the cases
    that is automatic at the end, as a part of the best possible one; and the share of runs without any."""

    repetitions: int
    violations: float
    allowed: float
    coverage_of_oracle: float
    refused: float


def money_study(world: MoneyWorld, level: MoneyLevel, cases: int, repetitions: int, seed: int = 31) -> MoneyStudy:
    """Runs of ``cases`` answered cases."""
    rng = np.random.default_rng(seed)
    truth, found = world.draw(400_000, rng), []
    for _ in range(repetitions):
        plan = plan_for_money(world.draw(HELD_OUT, rng), level)
        found.append(money_progress(world.draw(cases, rng), level, plan).threshold)
    return _study(found, truth, level)


def normal_study(world: MoneyWorld, level: MoneyLevel, cases: int, repetitions: int, seed: int = 31) -> MoneyStudy:
    """The wrong way: a one-sided normal bound on the mean loss at each threshold, the lowest one that passes."""
    rng = np.random.default_rng(seed)
    truth, found = world.draw(400_000, rng), []
    grid = np.linspace(0.99, 0.5, 60)
    for _ in range(repetitions):
        sample = world.draw(cases, rng)
        losses = sample.harms * sample.wrong
        fine = [g for g in grid if _normal_bound(losses[sample.scores >= g], level.confidence) <= level.per_decision]
        found.append(min(fine) if fine else None)
    return _study(found, truth, level)


def ever_passed(level: MoneyLevel, cases: int, repetitions: int, seed: int = 32) -> float:
    """How often the evidence of one threshold ever reaches 1 / delta where the mean loss is exactly the level."""
    rng, delta, passed = np.random.default_rng(seed), level.share.delta, 0
    for _ in range(repetitions):
        harms = np.minimum(rng.lognormal(np.log(30.0), 1.2, cases), level.most)
        wrong: Bools = rng.random(cases) < level.per_decision / _mean_harm(level.most)
        evidence = loss_evidence(np.ones(cases), harms * wrong / level.most, np.array([0.5]), level.share.level)
        passed += bool(evidence[0] >= -np.log(delta))
    return passed / repetitions


def _mean_harm(most: float) -> float:
    return float(np.minimum(np.random.default_rng(0).lognormal(np.log(30.0), 1.2, 2_000_000), most).mean())


def _study(found: list[float | None], truth: PricedSample, level: MoneyLevel) -> MoneyStudy:
    order = np.argsort(-truth.scores)
    mean = np.cumsum((truth.harms * truth.wrong)[order]) / np.arange(1, len(order) + 1)
    fine = np.flatnonzero(mean <= level.per_decision)
    oracle = (fine.max() + 1) / len(order) if len(fine) else 0.0
    costs = [_cost(truth, threshold) for threshold in found if threshold is not None]
    coverage = [0.0 if each is None else float((truth.scores >= each).mean()) for each in found]
    violations = sum(cost > level.per_decision for cost in costs) / len(found)
    ratio = float(np.mean(coverage)) / oracle if oracle >= LEAST_COVERAGE else 0.0
    refused = sum(each is None for each in found) / len(found)
    return MoneyStudy(len(found), violations, allowance(level.share.delta, len(found)), ratio, refused)


def _cost(truth: PricedSample, threshold: float) -> float:
    above = truth.scores >= threshold
    return float((truth.harms * truth.wrong)[above].mean()) if above.any() else 0.0


def _normal_bound(losses: Floats, confidence: float) -> float:
    if len(losses) < 2:
        return float("inf")
    return float(losses.mean() + norm.ppf(confidence) * losses.std(ddof=1) / np.sqrt(len(losses)))
