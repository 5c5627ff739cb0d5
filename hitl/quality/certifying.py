"""Certify a threshold sequentially, while labels come in, for one model, policy and segment.

The first answers (the pilot) fix a grid of thresholds and where to start; no later label changes either. From there each
threshold has an e-process over the gold labels that came after the pilot, tested in the grid's order at the same level. A
false certificate must pass the first threshold whose risk is too high, and that e-process is ever high enough with probability at
most delta (Ville), so this may be looked at after every label, for any score. Answers of cases that were not drawn by a coin
never count as evidence.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import ceil, log
from typing import Any

import numpy as np

from hitl.canonical import fingerprint
from hitl.quality.answers import SettledReview
from hitl.quality.arrays import Floats
from hitl.quality.binomial import labels_needed, lower_bound
from hitl.quality.certificate import RiskLevel, ScoredSample, counts_above, starts_of, threshold_grid
from hitl.quality.eprocess import confidence_sequence, log_e_certify

PILOT_ROWS = 100
"""Answers that fix the grid and its start and then prove nothing."""
PLANNED_LABELS = 10
"""Times the labels of a proof without errors: the grid's safest threshold is laid out for so many."""
SHOWN = 0.9
"""The confidence from which a model is said to be too bad for more labels to help."""
MOST_LABELS = 1_000_000
"""A forecast above it is none."""


@dataclass(frozen=True, slots=True)
class CertificationPlan:
    """``grid`` runs from the safest threshold to the riskiest; ``starts`` are (position, share of delta)."""

    grid: tuple[float, ...]
    starts: tuple[tuple[int, float], ...]
    pilot: int

    def plain(self) -> dict[str, Any]:
        return {"grid": list(self.grid), "starts": [list(start) for start in self.starts], "pilot": self.pilot}

    @staticmethod
    def of(plain: dict[str, Any]) -> "CertificationPlan":
        """The plan that a journalled certificate carries."""
        starts = tuple((int(at), float(share)) for at, share in plain["starts"])
        return CertificationPlan(tuple(map(float, plain["grid"])), starts, int(plain["pilot"]))


@dataclass(frozen=True, slots=True)
class Progress:
    """``threshold`` None: nothing may be automatic, for ``reason``; ``missing`` gold labels are then about what a certificate
    still needs (None: no number of labels is expected to help). ``labels`` and ``errors`` are counted at or above the
    threshold, or where the walk is waiting; ``bounds`` hold at all times; ``data`` is the digest of the certifying labels."""

    threshold: float | None
    labels: int
    errors: int
    low: float
    high: float
    coverage: float
    gold: int
    missing: int | None
    reason: str
    data: str
    plan: CertificationPlan | None

    def plain(self) -> dict[str, Any]:
        return {**asdict(self), "plan": self.plan.plain() if self.plan else None}


def progress(
    answers: Sequence[SettledReview], risk: RiskLevel, held: float | None = None, plan: CertificationPlan | None = None
) -> Progress:
    """Progress of the certificate of a model, policy and segment. ``answers`` are in the order in which they came; ``held`` is
    the threshold certified so far, under ``plan``."""
    pilot, gold = answers[:PILOT_ROWS], [each for each in answers[PILOT_ROWS:] if each.is_gold]
    made = plan or plan_of(pilot, risk)
    if made is None:
        missing = PILOT_ROWS - len(pilot) + labels_needed(risk.level, risk.confidence)
        why = f"{len(pilot)} answers of {PILOT_ROWS} that fix the thresholds to be tested; needs about {missing} more labels"
        return Progress(None, 0, 0, 0.0, 1.0, 0.0, 0, missing, why, _digest([]), None)
    sample, grid = sample_of(gold), np.array(made.grid)
    labels, errors = counts_above(sample, grid)
    at = _reached(log_e_certify(errors, labels, risk.level), made, held)
    where = _waiting_at(made) if at is None else at
    n, k = int(labels[where]), int(errors[where])
    bounds = confidence_sequence(k, n, risk.confidence)
    coverage = n / len(sample) if len(sample) else 0.0
    if at is not None:
        reason = f"{k} errors in {n} gold labels at or above {grid[at]:.6g}"
        return Progress(float(grid[at]), n, k, bounds.low, bounds.high, coverage, len(sample), 0, reason, _digest(gold), made)
    missing_labels = _missing(pilot, sample, risk, made)
    reason = _why_not(k, n, float(grid[where]), risk, missing_labels)
    return Progress(None, n, k, bounds.low, bounds.high, coverage, len(sample), missing_labels, reason, _digest(gold), made)


def plan_of(pilot: Sequence[SettledReview], risk: RiskLevel) -> CertificationPlan | None:
    """None while there are too few answers."""
    if len(pilot) < PILOT_ROWS:
        return None
    sample, planned = sample_of(pilot), PLANNED_LABELS * labels_needed(risk.level, risk.confidence)
    grid = threshold_grid(sample.scores, planned, risk)
    return CertificationPlan(tuple(grid.tolist()), tuple(starts_of(sample, grid, planned, risk)), len(sample))


def sample_of(answers: Sequence[SettledReview]) -> ScoredSample:
    """Scores and errors; a case without a prediction has the lowest score and counts as wrong."""
    scores = np.array([-1.0 if each.confidence is None else each.confidence for each in answers], dtype=np.float64)
    return ScoredSample(scores, np.array([each.is_wrong for each in answers], dtype=np.bool_))


def labels_to_certificate(error: float, risk: RiskLevel, delta: float) -> int | None:
    """Labels above a threshold that make a certificate when ``error`` of them are wrong; None if it takes too many."""
    n = labels_needed(risk.level, 1 - delta)
    while n <= MOST_LABELS:
        if log_e_certify(error * n, n, risk.level) >= -log(delta):
            return n
        n = ceil(n * 1.05)
    return None


def _reached(evidence: Floats, plan: CertificationPlan, held: float | None) -> int | None:
    """The riskiest position that any walk has reached. What was certified before stays: its evidence was there once."""
    before = plan.grid.index(held) if held is not None and held in plan.grid else None
    ends = [_walk(evidence, start, share, before) for start, share in plan.starts]
    return max((end for end in [before, *ends] if end is not None), default=None)


def _walk(evidence: Floats, start: int, delta: float, before: int | None) -> int | None:
    """From ``start``, or from just behind what was certified ``before``, as far as the evidence goes."""
    first = start if before is None or before < start else before + 1
    refused = np.flatnonzero(evidence[first:] < -log(delta))
    steps = int(refused[0]) if refused.size else len(evidence) - first
    return first + steps - 1 if steps else None


def _waiting_at(plan: CertificationPlan) -> int:
    """The threshold at which the walk with the largest share of delta begins."""
    return max(plan.starts, key=lambda start: start[1])[0]


def _missing(pilot: Sequence[SettledReview], gold: ScoredSample, risk: RiskLevel, plan: CertificationPlan) -> int | None:
    """About how many more gold labels until a walk gets anywhere, if the future is like the past."""
    seen = sample_of(pilot)
    known = ScoredSample(np.concatenate((seen.scores, gold.scores)), np.concatenate((seen.wrong, gold.wrong)))
    each = [_missing_at(known, gold, plan.grid[start], risk, share) for start, share in plan.starts]
    return min((missing for missing in each if missing is not None), default=None)


def _missing_at(known: ScoredSample, gold: ScoredSample, threshold: float, risk: RiskLevel, delta: float) -> int | None:
    """None where the labels show that the risk there is above the level; while they do not, half of it is hoped for."""
    above = known.scores >= threshold
    n, k = int(above.sum()), int(known.wrong[above].sum())
    if not n or lower_bound(k, n, SHOWN) > risk.level:
        return None
    wanted = labels_to_certificate(min((k + 0.5) / (n + 1), risk.level / 2), risk, delta)
    have = int((gold.scores >= threshold).sum())
    return None if wanted is None else max(ceil((wanted - have) * len(known) / n), 1)


def _why_not(errors: int, labels: int, threshold: float, risk: RiskLevel, missing: int | None) -> str:
    seen = f"{errors} errors in {labels} gold labels at or above {threshold:.6g}"
    if missing is None:
        return f"{seen} do not show a risk under {risk.level:g}: the model must become better, more labels will not help"
    return f"{seen}; needs about {missing} more labels to show a risk under {risk.level:g}"


def _digest(gold: Sequence[SettledReview]) -> str:
    return fingerprint([[each.case_id, each.label] for each in gold])
