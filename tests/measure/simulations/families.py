"""Certificates of several segments at once: how often some of them is false, and what it costs that none shall be."""

from dataclasses import dataclass

import numpy as np

from hitl.quality.certificate import RiskLevel
from hitl.quality.family import CertificateFamily
from hitl.quality.planning import plan_of_held_out
from hitl.quality.walks import reached
from tests.measure.simulations.certificates import allowance
from tests.measure.simulations.evidence import prefix_evidence
from tests.measure.simulations.pools import Pool

HELD_OUT = 300


@dataclass(frozen=True, slots=True)
class FamilyStudy:
    """The share of runs in which ``some_false`` certificate was in force at a look, what is ``allowed``, the mean automation of a
    segment at the end, and the median ``labels`` until a segment's first certificate."""

    repetitions: int
    segments: int
    some_false: float
    allowed: float
    automatic: float
    labels: float

    @property
    def holds(self) -> bool:
        return self.some_false <= self.allowed


def families(
    pool: Pool, family: CertificateFamily, risk: RiskLevel, cases: int, repetitions: int, every: int = 100, seed: int = 61
) -> FamilyStudy:
    """Every segment of the ``family`` has ``cases`` of its own from the ``pool``, answered at once, and is looked at ``every``
    so many."""
    rng = np.random.default_rng(seed)
    runs = [[_segment(pool, family, risk, cases, every, rng) for _ in range(family.segments)] for _ in range(repetitions)]
    found = np.array(runs, dtype=np.float64)
    return FamilyStudy(
        repetitions,
        family.segments,
        float(found[:, :, 0].any(axis=1).mean()),
        allowance(risk.delta, repetitions),
        float(found[:, :, 1].mean()),
        float(np.median(found[:, :, 2])),
    )


def _segment(
    pool: Pool, family: CertificateFamily, risk: RiskLevel, cases: int, every: int, rng: np.random.Generator
) -> tuple[bool, float, float]:
    """Whether a false threshold was ever in force, the automation at the end, and the labels until the first threshold."""
    plan, drawn = plan_of_held_out(pool.draw(HELD_OUT, rng), family.share_of(risk)), pool.draw(cases, rng)
    assert plan is not None
    grid, is_false, automatic, first = np.array(plan.grid), False, 0.0, np.inf
    for seen in range(every, cases + 1, every):
        sample = type(drawn)(drawn.scores[:seen], drawn.wrong[:seen])
        at = reached(prefix_evidence(sample, grid, risk.level, None).log_e, plan)
        automatic = 0.0 if at is None else pool.coverage(float(grid[at]))
        if at is not None:
            first, is_false = min(first, seen), is_false or pool.risk(float(grid[at])) > risk.level
    return is_false, automatic, first
