"""Fix which thresholds are tested, and where the walks start, before any label is seen that may prove them.

A plan rests on data that are independent of the certifying labels: the rows that the training run held out, or, without those,
the scores of the first cases that came, whatever people answered about them. Answers fix nothing: people answer a backlog hard
cases first, and a grid made of those would leave out every case that the model is sure of. A plan is journalled when it is made
and stays: choosing it again with labels at hand would spend the error budget once more.
"""

from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np

from hitl.quality.arrays import Floats
from hitl.quality.binomial import labels_needed
from hitl.quality.certificate import RiskLevel, ScoredSample, counts_above, starts_at, threshold_grid
from hitl.quality.check_columns import Checks, as_columns
from hitl.quality.eprocess import log_e_certify
from hitl.quality.promotion import cycle_level

PILOT_CASES = 100
"""Cases whose scores fix a plan where no rows were held out; they prove nothing."""
PLANNED_LABELS = 20
"""Times the labels of a proof without errors: the grid's safest threshold is laid out for so many, which makes it that of the
surest tenth of the cases. A fifth would leave out every certificate of a model whose surest sixth alone is good."""
PLANNED_ANYWAY = 8
"""Times the labels of a proof without errors."""
HELD_OUT = "held-out rows"
TRAFFIC = "scores of the first cases"


@dataclass(frozen=True, slots=True)
class CertificationPlan:
    """``grid`` runs from the safest threshold to the riskiest; ``starts`` are (position, share of delta); ``pilot`` counts the
    cases or rows that fixed them, which ``source`` names. Only cases that came after ``since`` (UTC seconds) prove anything:
    0 where the plan rests on no case of the traffic. ``cycle`` numbers the plans of a task from 1, one for each model under
    each policy, and the shares of delta fall with it, so that all of them together keep the promise; 0: made before they were
    numbered, each at the full delta."""

    grid: tuple[float, ...]
    starts: tuple[tuple[int, float], ...]
    pilot: int
    since: float = 0.0
    source: str = TRAFFIC
    cycle: int = 0

    def plain(self) -> dict[str, Any]:
        starts = [list(start) for start in self.starts]
        told = {"pilot": self.pilot, "since": self.since, "source": self.source, "cycle": self.cycle}
        return {"grid": list(self.grid), "starts": starts, **told}

    @staticmethod
    def of(plain: dict[str, Any]) -> "CertificationPlan":
        """Return the plan that the journal carries."""
        starts = tuple((int(at), float(share)) for at, share in plain["starts"])
        grid = tuple(map(float, plain["grid"]))
        since, source, cycle = float(plain["since"]), str(plain["source"]), int(plain.get("cycle", 0))
        return CertificationPlan(grid, starts, int(plain["pilot"]), since, source, cycle)


def plan_of_held_out(rows: ScoredSample, risk: RiskLevel) -> CertificationPlan | None:
    """Return the plan by rows that the model did not learn from; None for too few of them."""
    if len(rows) < PILOT_CASES:
        return None
    return _plan(rows.scores, rows.wrong.astype(np.float64), risk, 0.0, HELD_OUT)


def plan_of_traffic(checks: Checks, risk: RiskLevel) -> CertificationPlan | None:
    """Return the plan by the scores of the first cases of the random sample, in order of arrival; None while there are too few.
    Where the model is likely to be right is what it says itself: a model that says too much only starts in the wrong place."""
    known = as_columns(checks)
    first = known.where(known.is_random)[:PILOT_CASES]
    if len(first) < PILOT_CASES:
        return None
    scores = first.scores
    return _plan(scores, np.clip(1 - scores, 0.0, 1.0), risk, float(first.at[-1]), TRAFFIC)


def risk_of_cycle(risk: RiskLevel, cycle: int) -> RiskLevel:
    """Return the risk level at the part of the error budget that the ``cycle``-th plan of a task may spend.

    >>> round(risk_of_cycle(RiskLevel(0.05, 0.9), 2).delta, 4)
    0.0152
    """
    return RiskLevel(risk.level, 1 - cycle_level(cycle, risk.delta)) if cycle else risk


def is_worth_testing(plan: CertificationPlan, scores: Floats, expected_errors: Floats, cases: int, risk: RiskLevel) -> bool:
    """Tell whether so many ``cases`` are expected to prove something at a start of the plan, by the ``scores`` that it rests on
    and the errors expected of each. A test that begins sooner spends its part of the error budget on a model that is replaced
    before it can earn anything. What chooses is the number of cases alone: neither their answers nor their scores. With very many
    a plan is made in any case, so that it can be said what is wrong."""
    if cases >= PLANNED_ANYWAY * labels_needed(risk.level, risk.confidence):
        return True
    starts = np.array([at for at, _ in plan.starts])
    seen, errors = (each[starts] for each in _expected_above(scores, expected_errors, np.array(plan.grid)))
    expected = cases * seen / len(scores)
    proofs = log_e_certify(expected * (errors + 0.5) / (seen + 1), expected, risk.level)
    return bool((proofs >= [-log(delta) for _, delta in plan.starts]).any())


def _plan(scores: Floats, expected_errors: Floats, risk: RiskLevel, since: float, source: str) -> CertificationPlan:
    planned = PLANNED_LABELS * labels_needed(risk.level, risk.confidence)
    grid = threshold_grid(scores, planned, risk)
    seen, errors = _expected_above(scores, expected_errors, grid)
    starts = starts_at(seen, errors, len(scores), planned, risk)
    return CertificationPlan(tuple(grid.tolist()), tuple(starts), len(scores), since, source)


def _expected_above(scores: Floats, expected_errors: Floats, grid: Floats) -> tuple[Floats, Floats]:
    """Return how many of the scores are at or above each threshold, and how many errors among them are expected."""
    seen, _ = counts_above(ScoredSample(scores, np.zeros(len(scores), dtype=np.bool_)), grid)
    order = np.argsort(-scores, kind="stable")
    errors = np.concatenate(([0.0], np.cumsum(expected_errors[order])))
    return seen.astype(np.float64), np.asarray(errors[seen], dtype=np.float64)
