"""What looking at the evidence after every label costs: the e-process, and the tests that were made for one look."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from hitl.quality.arrays import Floats
from hitl.quality.binomial import risk_p_value
from hitl.quality.certificate import RiskLevel, threshold_grid
from hitl.quality.eprocess import log_e_alarm, log_e_certify
from hitl.quality.ratchet import Ratchet
from tests.measure.simulations.certificates import allowance
from tests.measure.simulations.pools import Pool

Evidence = Callable[[ArrayLike, ArrayLike, float], Floats]
TRAFFIC_ROWS = 2000
FIRST_LABELS = 500
"""The labels that are to suffice for the safest threshold of a ratchet."""


@dataclass(frozen=True, slots=True)
class Looks:
    """The share of repetitions that were ever wrong, looking ``every`` so many labels."""

    wrong: float
    allowed: float
    every: int

    @property
    def holds(self) -> bool:
        return self.wrong <= self.allowed


def repeated_clopper_pearson(errors: ArrayLike, n: ArrayLike, level: float) -> Floats:
    """The wrong way: the test for one look, as if it were evidence (minus the log of its p-value)."""
    return -np.log(np.maximum(risk_p_value(errors, n, level), 1e-300))


def ever_certified(
    risk: RiskLevel, evidence: Evidence = log_e_certify, labels: int = 3000, repetitions: int = 1000, every: int = 1
) -> Looks:
    """The model errs exactly at the level, so that every certificate is a false one."""
    errors, n = _counts(risk.level, labels, repetitions, every)
    reached = _at_each(evidence, errors, n, risk.level).max(axis=1) >= -np.log(risk.delta)
    return Looks(float(reached.mean()), allowance(risk.delta, repetitions), every)


def ever_alarmed(risk: RiskLevel, labels: int = 3000, repetitions: int = 1000) -> Looks:
    """The model errs exactly at the level, so that every alarm is a false one."""
    return ever_certified(risk, log_e_alarm, labels, repetitions)


def labels_to_certificate(risk: RiskLevel, true_risk: float, labels: int = 6000, repetitions: int = 500) -> tuple[float, float]:
    """The median and the 90th percentile of the labels above the threshold that a certificate takes; infinite if longer."""
    errors, n = _counts(true_risk, labels, repetitions, 1)
    reached = _at_each(log_e_certify, errors, n, risk.level) >= -np.log(risk.delta)
    first = np.where(reached.any(axis=1), reached.argmax(axis=1) + 1.0, np.inf)
    return float(np.median(first)), float(np.quantile(first, 0.9, method="higher"))


@dataclass(frozen=True, slots=True)
class RatchetStudy:
    """A threshold only ever moves one way, so that the last is the riskiest that was in force; ``coverage_of_oracle`` is its
    automation."""

    wrong: float
    allowed: float
    coverage_of_oracle: float

    @property
    def holds(self) -> bool:
        return self.wrong <= self.allowed


def ratchet_study(pool: Pool, risk: RiskLevel, cases: int, repetitions: int, audit: float = 0.05, size: int = 20) -> RatchetStudy:
    """Traffic runs through ratchets that are read at every case: all below the threshold are labelled, an audit share above."""
    rng = np.random.default_rng(5)
    grid = threshold_grid(pool.draw(TRAFFIC_ROWS, rng).scores, FIRST_LABELS, risk, size)
    ratchet = Ratchet.fresh(grid, risk, audit, repetitions)
    for _ in range(cases):
        drawn = pool.draw(repetitions, rng)
        probability = np.where(drawn.scores >= ratchet.thresholds, audit, 1.0)
        seen = rng.random(repetitions) < probability
        ratchet.observe(drawn.scores, drawn.wrong & seen, probability)
    found = ratchet.thresholds[np.isfinite(ratchet.thresholds)].tolist()
    wrong = sum(pool.risk(t) > risk.level for t in found) / repetitions
    coverage = sum(pool.coverage(t) for t in found) / repetitions / pool.oracle_coverage(risk.level)
    return RatchetStudy(wrong, allowance(risk.delta, repetitions), coverage)


def _counts(risk: float, labels: int, repetitions: int, every: int) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(4)
    errors = np.cumsum(rng.random((repetitions, labels)) < risk, axis=1)[:, every - 1 :: every].astype(np.float64)
    return errors, np.arange(every, labels + 1, every, dtype=np.float64)[None, :]


def _at_each(evidence: Evidence, errors: Floats, n: Floats, level: float) -> Floats:
    """The same counts come back in many repetitions: each pair is computed once."""
    pairs = errors * (n.max() + 1) + n
    different, at = np.unique(pairs, return_inverse=True)
    k, counted = np.divmod(different, n.max() + 1)
    return evidence(k, counted, level)[at].reshape(pairs.shape)
