"""Try a policy on past traffic: automation, error, workload and cost.

The error figure weighs each label with the probability that its case had of having one by now; cases for people whose answer
is still to come are taken to be like those that are answered, and counted.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hitl.quality.arrays import Floats
from hitl.quality.binomial import clopper_pearson
from hitl.quality.estimators import Audited, error_rate
from hitl.quality.interval import Interval
from hitl.routing.action import Action
from hitl.routing.circumstances import RoutingEvidence
from hitl.routing.coin import either
from hitl.routing.policy import CostTerms
from hitl.routing.prediction import Prediction
from hitl.routing.rules import CompiledPolicy
from hitl.routing.steering import Request, Steered, steer
from hitl.routing.workload import share_in_time

HOUR_S = 3600.0
LEAST_ANSWERED = 0.01


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case of the past. ``looked_at`` is the probability that people were to see it, stored before the draw; ``is_due``:
    they were to; ``truth`` is their label, None without one."""

    request: Request
    prediction: Prediction | None
    at: float
    looked_at: float
    is_due: bool
    truth: str | None


@dataclass(frozen=True, slots=True)
class Staff:
    """``people`` at once, each ``cases_per_hour``; a case should be started ``within_h`` hours."""

    people: int = 1
    cases_per_hour: float = 100.0
    within_h: float = 24.0


@dataclass(frozen=True, slots=True)
class TrialErrors:
    """The error rate in [0, 1] of what would be automatic: by people's labels, and by the model's own confidence (None without
    such cases). ``unanswered`` cases are taken to be like those with an answer in the former."""

    by_labels: Interval
    by_the_model: float | None
    unanswered: int


@dataclass(frozen=True, slots=True)
class TrialCost:
    """Dollars a decision: people's work, the harm of automatic errors, and both together from ``low`` to ``high``; all None
    without cases, ``errors`` also without labels."""

    people: float | None
    errors: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class TrialFigures:
    """What one policy would have done with ``cases`` of the past: counts by route, in all and by segment; the expected number
    of ``blind_checks``; ``reviewer_hours`` of work; and the share in [0, 1] started in time, None for traffic of one moment."""

    policy_version: str
    cases: int
    routes: dict[str, int]
    by_segment: dict[str, dict[str, int]]
    automation_rate: Interval
    errors_automatic: TrialErrors
    blind_checks: float
    reviewer_hours: float
    cost_per_decision: TrialCost
    started_in_time: float | None


def figures(
    compiled: CompiledPolicy, evidence: RoutingEvidence, cases: Sequence[PastCase], staff: Staff, is_trial: bool
) -> TrialFigures:
    """Return the figures of one policy on ``cases``. ``is_trial``: thresholds in force count for segments of the same name,
    since nothing is certified under a policy that has not routed yet."""
    steered = [steer(compiled, evidence, case.request, case.prediction, is_trial=is_trial) for case in cases]
    routes = Counter(each.route.action for each in steered)
    automatic = routes[Action.AUTOMATIC]
    checks = _checks(compiled, evidence, steered)
    errors = _errors([case for case, each in zip(cases, steered, strict=True) if each.route.action is Action.AUTOMATIC])
    people = routes[Action.REVIEW] + routes[Action.EXPERT] + checks
    return TrialFigures(
        policy_version=compiled.version,
        cases=len(cases),
        routes={action.value: routes[action] for action in Action},
        by_segment=_by_segment(steered),
        automation_rate=clopper_pearson(automatic, len(cases)),
        errors_automatic=errors,
        blind_checks=round(checks, 2),
        reviewer_hours=round(people / staff.cases_per_hour, 3),
        cost_per_decision=_cost(compiled.policy.costs or CostTerms(), cases, steered, checks, errors.by_labels),
        started_in_time=_in_time(cases, people, staff),
    )


def moved(before: Sequence[Steered], after: Sequence[Steered]) -> dict[str, int]:
    """Count the cases that change their route, by ``from -> to``."""
    pairs = ((old.route.action.value, new.route.action.value) for old, new in zip(before, after, strict=True))
    return {f"{old} -> {new}": count for (old, new), count in Counter(pairs).items() if old != new}


def probability_of_a_look(action: str, gold: float, audit: float) -> float:
    """Return the probability that people looked at a past case."""
    return either(gold, audit) if action == Action.AUTOMATIC else 1.0


def _checks(compiled: CompiledPolicy, evidence: RoutingEvidence, steered: Sequence[Steered]) -> float:
    """The blind checks that the coins are expected to draw of the automatic cases."""
    sampling = compiled.policy.sampling
    rates = [evidence.audit.get(each.segment, sampling.audit) for each in steered if each.route.action is Action.AUTOMATIC]
    return sum(either(sampling.random, rate) for rate in rates)


def _by_segment(steered: Sequence[Steered]) -> dict[str, dict[str, int]]:
    counted: dict[str, Counter[str]] = {}
    for each in steered:
        counted.setdefault(each.segment, Counter())[each.route.action.value] += 1
    return {segment: dict(counts) for segment, counts in sorted(counted.items())}


def _errors(automatic: Sequence[PastCase]) -> TrialErrors:
    """Return the error rate of what would be automatic: by labels, with its interval, and by the model's own confidence."""
    known = [case for case in automatic if case.prediction is not None and case.looked_at > 0]
    cases = Audited(
        np.array([case.truth is not None for case in known], dtype=bool),
        _probability_of_labels(known),
        np.array([_is_wrong(case) for case in known], dtype=np.float64),
        np.array([_doubt(case) for case in known], dtype=np.float64),
    )
    doubts = [_doubt(case) for case in automatic]
    return TrialErrors(
        by_labels=error_rate(cases),
        by_the_model=sum(doubts) / len(doubts) if doubts else None,
        unanswered=sum(case.is_due and case.truth is None for case in automatic),
    )


def _probability_of_labels(known: Sequence[PastCase]) -> Floats:
    """With which each case has a label by now: that of a look, times the share of such looks that are answered. What waits is
    taken to be like what is answered; leaving it out would pull the figure towards the model's own doubt."""
    looked_at = np.array([case.looked_at for case in known], dtype=np.float64)
    due = np.array([case.is_due for case in known], dtype=np.bool_)
    told = np.array([case.truth is not None for case in known], dtype=np.bool_)
    answered = looked_at.copy()
    for is_certain in (False, True):
        part = (looked_at == 1) == is_certain
        if (part & due).any():
            answered[part] *= max((part & due & told).sum() / (part & due).sum(), LEAST_ANSWERED)
    return answered


def _cost(terms: CostTerms, cases: Sequence[PastCase], steered: Sequence[Steered], checks: float, rate: Interval) -> TrialCost:
    """Dollars a decision: people's work, and the harm of automatic errors at the rate and the interval of the labels."""
    if not cases:
        return TrialCost(None, None, None, None)
    routes = Counter(each.route.action for each in steered)
    people = (terms.review * (routes[Action.REVIEW] + checks) + terms.expert * routes[Action.EXPERT]) / len(cases)
    harm = terms.harm * routes[Action.AUTOMATIC] / len(cases)
    value = None if rate.value is None else harm * rate.value
    return TrialCost(people, value, people + harm * rate.low, people + harm * rate.high)


def _in_time(cases: Sequence[PastCase], for_people: float, staff: Staff) -> float | None:
    """None for traffic of one moment: it has no rate."""
    hours = (max(case.at for case in cases) - min(case.at for case in cases)) / HOUR_S if cases else 0.0
    if not hours:
        return None
    return share_in_time(for_people / hours, staff.cases_per_hour, staff.people, staff.within_h)


def _is_wrong(case: PastCase) -> bool:
    return case.truth is not None and case.prediction is not None and case.truth != case.prediction.label


def _doubt(case: PastCase) -> float:
    return 1 - case.prediction.confidence if case.prediction else 1.0
