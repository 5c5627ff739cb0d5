"""Certify a threshold sequentially, while labels come in, for one model, policy and segment.

A plan (hitl.quality.planning) fixes a grid of thresholds and where to start. Each threshold has an e-process over the random
sample in order of arrival, in which a case that waits for its answer counts as wrong (hitl.quality.prefixes); they are tested in
the grid's order at the same level. A false certificate must pass the first threshold whose risk is too high, and that e-process
is ever high enough with probability at most delta (Ville), so this may be looked at after every label, for any score and any
delay. Answers to cases that no sampler drew never count as evidence.
"""

from dataclasses import asdict, dataclass
from math import ceil, log
from typing import Any

import numpy as np

from hitl.quality.arrays import Bools, Floats
from hitl.quality.binomial import labels_needed
from hitl.quality.certificate import RiskLevel, ScoredSample
from hitl.quality.check_columns import CheckColumns, Checks, as_columns, with_audits
from hitl.quality.eprocess import confidence_sequence, log_e_certify
from hitl.quality.money import MoneyLevel, MoneyLost, lost_above, money_evidence
from hitl.quality.number_of import number_of
from hitl.quality.planning import PILOT_CASES, CertificationPlan
from hitl.quality.prefixes import Draws, equally_drawn, prefix_evidence
from hitl.quality.walks import reached_by_all

SHOWN = 0.9
"""The confidence from which a risk is said to be above the level; it holds at all looks together."""
MOST_LABELS = 1_000_000
"""A forecast above it is none."""


@dataclass(frozen=True, slots=True)
class Progress:
    """``threshold`` None: nothing may be automatic, for ``reason``; ``missing`` random answers are then about what a certificate
    still needs (None: under this plan no number of them is expected to help). ``labels`` and ``errors`` are counted at or above
    the threshold, or where the walk is waiting, in the checks that prove the most; ``low`` and ``high`` bound the risk there at
    all times. Of the ``random_answers`` that were drawn and answered, audits among them where they count, and the ``waiting``
    ones, which count as wrong, ``coverage`` is the share at or above the threshold; ``data`` is the digest of the certifying
    labels; ``money`` what errors cost there, where the policy has a level for it."""

    threshold: float | None
    labels: int
    errors: int
    low: float
    high: float
    coverage: float
    random_answers: int
    waiting: int
    missing: int | None
    reason: str
    data: str
    plan: CertificationPlan | None
    money: MoneyLost | None

    def plain(self) -> dict[str, Any]:
        return {**asdict(self), "plan": self.plan.plain() if self.plan else None}


def progress(
    checks: Checks,
    risk: RiskLevel,
    plan: CertificationPlan | None,
    floor: float = 0.0,
    money: MoneyLevel | None = None,
    counts_audits: bool = False,
) -> Progress:
    """Return the progress of the certificate of a model, policy and segment. ``checks`` are in order of arrival; once they are
    drawn with unequal probabilities, that is at least ``floor``, or what a policy before drew with. 0: what is drawn so proves
    nothing. With a ``money`` level a threshold must be proved to keep that one too. ``counts_audits``: audits of automatic
    decisions are evidence beside the random sample."""
    known = as_columns(checks)
    random = with_audits(known) if counts_audits else known.where(known.is_random)
    if plan is None:
        return _unplanned(len(random), risk)
    counted, draws = _drawn(random.where(random.at > plan.since), floor)
    sample, waiting = certifying_sample(counted), int(counted.waits.sum())
    grid = np.array(plan.grid)
    found = prefix_evidence(sample, grid, risk.level, draws)
    inputs = counted.where(counted.is_first_of_input)
    has_copies = len(inputs) < len(counted)
    proofs = [np.minimum(found.log_e, _of_inputs(inputs, grid, risk.level, floor)) if has_copies else found.log_e]
    if money is not None:
        proofs.append(money_evidence(counted, inputs, grid, money, floor))
    at = reached_by_all(proofs, plan)
    where = _waiting_at(plan) if at is None else at
    n, k = int(found.labels[where]), int(found.errors[where])
    bounds = confidence_sequence(k, n, risk.confidence)
    above = int((sample.scores >= grid[where]).sum())
    coverage = above / len(sample) if len(sample) else 0.0
    told = (n, k, bounds.low, bounds.high, coverage, len(sample) - waiting, waiting)
    lost = None if money is None else lost_above(counted, float(grid[where]), money)
    if at is not None:
        reason = f"{number_of(k, 'error')} in {number_of(n, 'random answer')} at or above {grid[at]:.6g}{_in_words(lost)}"
        return Progress(float(grid[at]), *told, 0, reason, counted.digest, plan, lost)
    missing = labels_missing(counted, risk, plan)
    reason = f"{_why_not(counted, risk, plan, missing)}{_in_words(lost)}"
    return Progress(None, *told, missing, reason, counted.digest, plan, lost)


def _in_words(lost: MoneyLost | None) -> str:
    return "" if lost is None else f"; {lost.words}"


def certifying_sample(checks: Checks) -> ScoredSample:
    """Scores and errors; a case without a prediction has the lowest score, and one without an answer counts as wrong."""
    known = as_columns(checks)
    return ScoredSample(known.scores, known.counts_as_wrong)


def _of_inputs(inputs: CheckColumns, grid: Floats, level: float, floor: float) -> Floats:
    """Return the evidence of one check of each of the ``inputs``, which must be enough by itself: copies of one case err
    together."""
    counted, draws = _drawn(inputs, floor)
    return prefix_evidence(certifying_sample(counted), grid, level, draws).log_e


def _drawn(checks: CheckColumns, floor: float) -> tuple[CheckColumns, Draws | None]:
    """The checks that prove something, with their draws where these are unequal."""
    equal = equally_drawn(checks.probability)
    if equal == len(checks) or floor <= 0:
        return checks[:equal], None
    return checks, Draws(checks.probability, equal, min(floor, float(checks.probability.min())))


def labels_to_certificate(error: float, risk: RiskLevel, delta: float) -> int | None:
    """Labels above a threshold that make a certificate when ``error`` of them are wrong; None if it takes too many."""
    n = labels_needed(risk.level, 1 - delta)
    while n <= MOST_LABELS:
        if log_e_certify(error * n, n, risk.level) >= -log(delta):
            return n
        n = ceil(n * 1.05)
    return None


def _waiting_at(plan: CertificationPlan) -> int:
    """Return the threshold at which the walk with the largest share of delta begins."""
    return max(plan.starts, key=lambda start: start[1])[0]


def _unplanned(cases: int, risk: RiskLevel) -> Progress:
    missing = max(PILOT_CASES - cases, 0) + labels_needed(risk.level, risk.confidence)
    so_far = f"{number_of(cases, 'case')}: thresholds are tested once so many can prove something"
    why = f"{so_far}; needs about {number_of(missing, 'more label')}"
    return Progress(None, 0, 0, 0.0, 1.0, 0.0, 0, 0, missing, why, as_columns([]).digest, None, None)


def labels_missing(checks: CheckColumns, risk: RiskLevel, plan: CertificationPlan) -> int | None:
    """About how many more random answers until a walk gets anywhere, if the future is like the answers so far."""
    answered = checks.where(~checks.waits)
    return estimate_missing_labels(answered.scores, answered.is_wrong, risk, plan)


def estimate_missing_labels(scores: Floats, wrong: Bools, risk: RiskLevel, plan: CertificationPlan) -> int | None:
    """Estimate labels_missing from the ``scores`` of the answers so far and whether the model was ``wrong``, both (n,)."""
    each = [_missing_at(scores, wrong, plan.grid[start], risk, share) for start, share in plan.starts]
    return min((missing for missing in each if missing is not None), default=None)


def _missing_at(scores: Floats, wrong: Bools, threshold: float, risk: RiskLevel, delta: float) -> int | None:
    """None where the answers show that the risk there is above the level; while they do not, half of it is hoped for.

    The error rate is that of the answers with one more that errs as the model itself expects: few answers alone say little.
    """
    above = scores >= threshold
    n, k = int(above.sum()), int(wrong[above].sum())
    if confidence_sequence(k, n, SHOWN).low > risk.level:
        return None
    doubt = float(np.clip(1 - scores[above], 0.0, 0.5).mean()) if n else risk.level / 2
    wanted = labels_to_certificate(min((k + doubt) / (n + 1), risk.level / 2), risk, delta)
    if wanted is None:
        return None
    share = (n + 1) / (len(scores) + 1)
    return max(ceil((wanted - n) / share), 1)


def _why_not(checks: CheckColumns, risk: RiskLevel, plan: CertificationPlan, missing: int | None) -> str:
    answered = checks.where(~checks.waits)
    where = plan.grid[_waiting_at(plan) if missing is not None else min(start for start, _ in plan.starts)]
    above = answered.confidence >= where  # NaN is not
    errors = int(answered.is_wrong[above].sum())
    seen = f"{number_of(errors, 'error')} in {number_of(int(above.sum()), 'random answer')} at or above {where:.6g}"
    if missing is None:
        shows = "shows" if errors == 1 else "show"
        return (
            f"{seen} {shows} a risk above {risk.level:g} even there, for the surest cases that are tested: "
            f"the model must become better, more labels will not help"
        )
    late = len(checks) - len(answered)
    delayed = f" (without an answer yet, and counted as wrong: {number_of(late, 'drawn case')})" if late else ""
    return f"{seen}{delayed}; needs about {number_of(missing, 'more label')} to show a risk under {risk.level:g}"
