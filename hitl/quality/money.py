"""Certify that automatic decisions lose less money than a level: bounded losses in place of right and wrong.

The loss of a case is what its wrong decision costs, 0 where it is right, and at most a bound that is stated beforehand: a case
that could cost more is not in the certificate's traffic and goes to people. With x the loss as a part of the bound, each factor
``1 + b (level - x)`` expects at most 1 where the mean loss is at or above the level, for any b in [0, 1 / (1 - level)). The
product over the cases in order of arrival is an e-process, and so is the mean over several b (bets on the mean of numbers in
[0, 1]: Waudby-Smith and Ramdas, JRSS-B 2024, arXiv 2010.09686, section 4). Bets are fixed, so that it falls with every loss: a
case that waits counts with all that it may cost.
"""

from dataclasses import dataclass

import numpy as np

from hitl.errors import InvalidConfig
from hitl.quality.arrays import Bools, Floats
from hitl.quality.binomial import labels_needed
from hitl.quality.certificate import STARTS, RiskLevel, threshold_grid
from hitl.quality.check_columns import CheckColumns, Checks, as_columns
from hitl.quality.planning import HELD_OUT, PLANNED_LABELS, CertificationPlan
from hitl.quality.prefixes import equally_drawn
from hitl.quality.unequal_draws import log_factors, log_mean
from hitl.quality.walks import reached


@dataclass(frozen=True, slots=True)
class MoneyLevel:
    """Automatic decisions cost at most ``per_decision`` dollars in the mean, with probability ``confidence``; no case in the
    traffic can cost more than ``most``. Raises InvalidConfig unless 0 < per_decision < most."""

    per_decision: float
    most: float
    confidence: float = 0.9

    def __post_init__(self) -> None:
        if not 0 < self.per_decision < self.most:
            raise InvalidConfig("risk", "per_decision", f"expected dollars between 0 and most, came {self.per_decision!r}")

    @property
    def share(self) -> RiskLevel:
        """The level as a part of the bound."""
        return RiskLevel(self.per_decision / self.most, self.confidence)


@dataclass(frozen=True, slots=True)
class PricedSample:
    """Cases in order of arrival: their ``scores`` (n,), what an error in each of them costs (``harms``, dollars) and whether the
    model is wrong or nobody has said yet (``wrong``)."""

    scores: Floats
    harms: Floats
    wrong: Bools


@dataclass(frozen=True, slots=True)
class MoneyProgress:
    """``threshold`` None: nothing may be automatic. ``lost`` dollars in ``labels`` cases at or above it, at most ``most`` each;
    ``too_dear`` cases could cost more than the bound, and are for people whatever their score."""

    threshold: float | None
    labels: int
    lost: float
    too_dear: int


@dataclass(frozen=True, slots=True)
class MoneyLost:
    """``lost`` dollars in ``labels`` random answers at or above the threshold, where at most ``per_decision`` in the mean are
    allowed, and no case in the certificate's traffic can cost more than ``most``."""

    per_decision: float
    most: float
    lost: float
    labels: int

    @property
    def words(self) -> str:
        return f"${self.lost:.2f} lost in {self.labels} of them, at most ${self.per_decision:g} each in the mean is allowed"


def money_progress(sample: PricedSample, level: MoneyLevel, plan: CertificationPlan) -> MoneyProgress:
    """Return the progress of a certificate for money, by a plan whose starts spend its error budget."""
    counted = sample.harms <= level.most
    scores, losses = sample.scores[counted], (sample.harms * sample.wrong)[counted]
    grid = np.array(plan.grid)
    at = reached(loss_evidence(scores, losses / level.most, grid, level.share.level), plan)
    threshold = None if at is None else float(grid[at])
    above = scores >= (np.inf if threshold is None else threshold)
    return MoneyProgress(threshold, int(above.sum()), float(losses[above].sum()), int((~counted).sum()))


def loss_evidence(scores: Floats, losses: Floats, grid: Floats, level: float, weights: Floats | None = None) -> Floats:
    """Return ``(thresholds,)``: the greatest evidence over all prefixes that the mean loss at or above each threshold is under
    the ``level``; ``losses`` (n,) are in [0, 1]. ``weights`` (n,) in (0, 1] are the least probability of a draw over each one's
    own; None: all are drawn alike."""
    if not len(scores):
        return np.zeros(len(grid))
    logs = log_factors(losses, np.ones(len(scores)) if weights is None else 1 / weights, 1.0, level)
    found = [log_mean(np.cumsum(logs * (scores >= threshold), axis=1)).max() for threshold in grid]
    return np.asarray(np.maximum(np.array(found), 0.0), dtype=np.float64)


def money_evidence(checks: Checks, inputs: Checks, grid: Floats, level: MoneyLevel, floor: float) -> Floats:
    """Return ``(thresholds,)``: the evidence of the ``checks``, and of one of each of their ``inputs``, whichever is less: copies
    of one case err together. ``floor`` is the least probability of a draw; a case whose harm nobody recorded proves nothing."""
    found = [_evidence_of(_priced(as_columns(some)), grid, level, floor) for some in (checks, inputs)]
    return np.minimum(*found)


def _priced(checks: CheckColumns) -> CheckColumns:
    return checks.where(~np.isnan(checks.harm))


def _evidence_of(checks: CheckColumns, grid: Floats, level: MoneyLevel, floor: float) -> Floats:
    scores, losses, probability = checks.scores, _losses(checks, level) / level.most, checks.probability
    equal = equally_drawn(probability)
    if floor <= 0 or equal == len(checks):
        return loss_evidence(scores[:equal], losses[:equal], grid, level.share.level)
    weights = np.where(np.arange(len(checks)) < equal, 1.0, min(floor, float(probability.min())) / probability)
    return loss_evidence(scores, losses, grid, level.share.level, weights)


def lost_above(checks: CheckColumns, threshold: float, level: MoneyLevel) -> MoneyLost:
    """Return what the errors of the ``checks`` at or above the threshold cost; what waits counts with all that it may cost."""
    priced = _priced(checks)
    above = priced.where(priced.scores >= threshold)
    return MoneyLost(level.per_decision, level.most, float(sum(_losses(above, level).tolist())), len(above))


def _losses(checks: CheckColumns, level: MoneyLevel) -> Floats:
    """At most the bound each: dearer cases are for people, and not among the checks."""
    return np.where(checks.counts_as_wrong, np.minimum(checks.harm, level.most), 0.0)


def plan_for_money(rows: PricedSample, level: MoneyLevel) -> CertificationPlan:
    """Return the plan by ``rows`` that the model did not learn from. The walk with the largest share of the error budget begins
    where they leave the most evidence to be expected, the others on the way to it from the safest threshold."""
    counted, share = rows.harms <= level.most, level.share
    scores, losses = rows.scores[counted], (rows.harms * rows.wrong)[counted] / level.most
    grid = threshold_grid(scores, PLANNED_LABELS * labels_needed(share.level, share.confidence), share)
    best, shares = int(np.argmax(loss_evidence(scores, losses, grid, share.level))), dict[int, float]()
    for part, of_delta in STARTS:
        at = int(best * part)
        shares[at] = shares.get(at, 0.0) + of_delta * share.delta
    return CertificationPlan(tuple(grid.tolist()), tuple(shares.items()), len(scores), source=HELD_OUT)
