"""Compute a task's certificates from the journal, in the same way for the reconciler and for routes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from hitl.quality.anchoring import bound_confirmation
from hitl.quality.answers import KnownAnswer, SettledReview
from hitl.quality.arrays import Bools
from hitl.quality.automation import SETTLING_S, AutomationAlarm, Rules, SegmentStanding, findings, last_stops
from hitl.quality.certificate import RiskLevel, ScoredSample
from hitl.quality.check_columns import CheckColumns, CheckKind
from hitl.quality.checks import BlindCheck
from hitl.quality.drift import AuditRates
from hitl.quality.family import ALONE, CertificateFamily, family_of
from hitl.quality.money import MoneyLevel
from hitl.quality.planning import (
    PILOT_CASES,
    CertificationPlan,
    is_worth_testing,
    plan_of_held_out,
    plan_of_traffic,
    risk_of_cycle,
)
from hitl.quality.single_answers import LEAST_LEVEL, SHARE_OF_DELTA, confirming_wrong, corrected
from hitl.quality.watching import ANSWERED_WITHIN_S
from hitl.routing.coin import either
from hitl.routing.policy import UNKNOWN, Policy, Risk
from hitl.routing.rules import CompiledPolicy
from hitl.routing.steering import FAILED
from hitl.serving.views import PlanView, ServingView
from hitl.tasks import TaskSpec
from serve_app.evidence.evidence import TaskEvidence

HOUR_S = 3600.0
MOST_AUDITS = 0.5
"""The share of automatic decisions that is checked while evidence of drift grows."""

UNTOLD = "nothing tells how often people confirm what is wrong: answers to cases whose answer is known are missing"

PolicyOf = Callable[[str, ServingView], CompiledPolicy]
"""The policy in force of a task, given what serves it (the answer to ServingOf)."""


@dataclass(frozen=True, slots=True)
class WhatPeopleSaid:
    """The settled ``answers`` of a task, and those to cases whose answer is ``known``."""

    answers: Sequence[SettledReview]
    known: Sequence[KnownAnswer] = ()


@dataclass(frozen=True, slots=True)
class CountedEvidence:
    """The ``checks`` that count for a model, in order of arrival, as of ``now`` (UTC seconds): of whole cases, or of each part
    where parts go one by one. ``confirming`` bounds how often
    people confirm an error of the model: what they do not see is taken off the level. ``family`` says which certificates hold
    together."""

    checks: CheckColumns
    now: float
    confirming: float = 0.0
    family: CertificateFamily = ALONE


def counted_evidence(spec: TaskSpec, policy: Policy, checks: CheckColumns, people: WhatPeopleSaid, now: float) -> CountedEvidence:
    """Return what counts for a model of the task by its ``checks``, and by what the ``people`` who answer them see."""
    return CountedEvidence(checks, now, confirming_of(spec, policy, people), family_of(policy, spec.labels, spec.parts))


@dataclass(frozen=True, slots=True)
class Looked:
    """The findings for one served model; ``generation`` is the serving generation that was looked at."""

    model: str
    policy_version: str
    generation: int
    base_audit: float
    findings: dict[str, AutomationAlarm]


def look(
    model: str,
    serving: ServingView,
    history: Sequence[ServingView],
    plans: Sequence[PlanView],
    compiled: CompiledPolicy,
    evidence: CountedEvidence,
) -> Looked:
    """Return the findings for ``model``; the other arguments are what the journal answers. The policy states a risk level."""
    policy = compiled.policy
    certified = serving.thresholds.get(model, {})
    planned, stops = plans_of(plans, model, compiled.version), last_stops(history)
    thresholds = certified.get("segments", {}) if certified.get("policy_version") == compiled.version else {}
    names = set(thresholds) | set(serving.stopped) | set(planned)
    standings = {
        name: SegmentStanding(
            threshold=thresholds.get(name),
            plan=planned.get(name),
            stopped=serving.stopped.get(name),
            since=stops.get(name, 0.0),
            audit=serving.audit.get(name),
        )
        for name in names
    }
    known = evidence.checks.where(_may_all_be_automatic(policy, evidence.checks))
    rules = Rules(
        _risk_of(policy, evidence.confirming),
        _rates(policy),
        answered_within_s(policy),
        least_draw(policy),
        evidence.family,
        _money_of(policy, evidence.confirming),
        counts_audits(policy),
    )
    found = findings(known, model, compiled.version, standings, rules, evidence.now)
    if evidence.confirming >= 1:
        found = {name: replace(each, progress=replace(each.progress, reason=UNTOLD)) for name, each in found.items()}
    return Looked(model, compiled.version, serving.generation, rules.rates.base, found)


def counts_audits(policy: Policy) -> bool:
    """Tell whether audits of automatic decisions prove thresholds beside the random sample. Not where the random sample takes
    all cases with one probability: that is worth more than a few checks. Nor where parts of a case go one by one: an audit draws
    a case for any of them."""
    return policy.parts == "whole" and policy.sampling.cold > policy.sampling.random


def least_draw(policy: Policy) -> float:
    """Return the least probability with which a case is drawn that may prove a threshold. Audit rates are never below the
    policy's; what people decide is drawn with ``cold``, which may be less than random sample and audit together."""
    sampling = policy.sampling
    return min(either(sampling.random, sampling.audit), sampling.cold) if counts_audits(policy) else sampling.random


def may_be_automatic(policy: Policy, case: BlindCheck) -> bool:
    """Tell whether a good enough threshold would let the model decide such a case: only those are what a certificate is about."""
    money = policy.risk.money if isinstance(policy.risk, Risk) else None
    is_covered = money is None or case.harm is None or case.harm <= money.most
    return is_covered and _may_its_kind_be_automatic(policy, case)


def _may_all_be_automatic(policy: Policy, checks: CheckColumns) -> Bools:
    """Tell it of each of the ``checks``."""
    found = checks.of_kind(lambda kind: _may_its_kind_be_automatic(policy, kind))
    money = policy.risk.money if isinstance(policy.risk, Risk) else None
    return found if money is None else found & ~(checks.harm > money.most)  # NaN is not


def _may_its_kind_be_automatic(policy: Policy, case: BlindCheck | CheckKind) -> bool:
    forbidding = {FAILED, *(rule.name for rule in policy.rules if rule.effect != "priority")}
    is_allowed = policy.automatic_labels is None or case.prediction in policy.automatic_labels
    is_models = case.model_version is not None and case.segment != UNKNOWN
    return is_allowed and is_models and forbidding.isdisjoint(case.rules)


def thresholds_after(looked: Looked) -> dict[str, float | None]:
    """Return the thresholds that a certificate of these findings puts in force."""
    return {name: finding.threshold for name, finding in looked.findings.items() if finding.alarm is None}


def plans_of(plans: Sequence[PlanView], model: str, policy_version: str) -> dict[str, CertificationPlan]:
    """Return the journalled plans of a model under a policy, by segment."""
    ours = [each.segments for each in plans if (each.model, each.policy_version) == (model, policy_version)]
    return {name: CertificationPlan.of(plan) for segments in ours for name, plan in segments.items()}


def cycle_of(plans: Sequence[PlanView], model: str, policy_version: str) -> int:
    """Return the number of this model's plans under this policy among those of its task, from 1: the next one, if it has none."""
    found = [(each, CertificationPlan.of(plan).cycle) for each in plans for plan in each.segments.values()]
    ours = [cycle for each, cycle in found if (each.model, each.policy_version) == (model, policy_version)]
    return max(ours) if any(ours) else max([len(plans), *(cycle for _, cycle in found)]) + (not ours)


def new_plans(
    looked: Looked,
    compiled: CompiledPolicy,
    evidence: CountedEvidence,
    held_out: Mapping[str, ScoredSample],
    cycle: int,
) -> dict[str, CertificationPlan]:
    """Plans for the segments that have none and can have one: by the rows ``held_out`` from the looked-at model, by segment,
    otherwise by the first cases of the traffic. They spend what the ``cycle`` leaves them of the error budget."""
    risk_of, found = _risk_of(compiled.policy, evidence.confirming), dict[str, CertificationPlan]()
    for name in (name for name, finding in looked.findings.items() if finding.standing.plan is None):
        rows = held_out.get(name)
        settled = evidence.now - SETTLING_S
        ours = evidence.checks.of_kind(partial(_is_of, segment=name, looked=looked)) & (evidence.checks.at <= settled)
        allowed = evidence.checks.where(ours & _may_all_be_automatic(compiled.policy, evidence.checks))
        risk = risk_of_cycle(evidence.family.share_of(risk_of(name)), cycle)
        plan = _plan_of(rows, allowed, risk, waits=cycle > 1)
        if plan is not None:
            found[name] = replace(plan, cycle=cycle)
    return found


def _plan_of(rows: ScoredSample | None, checks: CheckColumns, risk: RiskLevel, waits: bool) -> CertificationPlan | None:
    """Return the plan by the held-out ``rows``, otherwise by the first of the ``checks``. A task's first plan is made as soon as
    it can be; one that ``waits``, only once a test is worth its part of the budget: a task that retrains makes many."""
    random = checks.where(checks.is_random)
    plan = None if rows is None else plan_of_held_out(rows, risk)
    if plan is not None and rows is not None:
        scores, errors, cases = rows.scores, rows.wrong.astype(np.float64), len(random)
    else:
        plan, scores = plan_of_traffic(random, risk), random[:PILOT_CASES].scores
        errors, cases = np.clip(1 - scores, 0.0, 1.0), len(random) - PILOT_CASES  # those that fix the plan prove nothing
    is_due = plan is not None and (not waits or is_worth_testing(plan, scores, errors, cases, risk))
    return plan if is_due else None


def _is_of(check: CheckKind, segment: str, looked: Looked) -> bool:
    ours = (check.segment, check.model_version, check.policy_version)
    return ours == (segment, looked.model, looked.policy_version)


def answered_within_s(policy: Policy) -> float:
    """From then on an unanswered check counts as wrong for the alarm."""
    hours = policy.risk.maturity_hours if isinstance(policy.risk, Risk) else 0.0
    return hours * HOUR_S or ANSWERED_WITHIN_S


def confirming_of(spec: TaskSpec, policy: Policy, people: WhatPeopleSaid) -> float:
    """Return the bound on how often people confirm an error of the model; 0 where checks are answered so that it does not
    matter."""
    if not isinstance(policy.risk, Risk):
        return 0.0
    delta, single, anchored = SHARE_OF_DELTA * (1 - policy.risk.confidence), 0.0, 0.0
    if _is_seen_by_one(spec):
        single = confirming_wrong(people.answers, spec.review.expert_validation, delta)
    if measures_anchoring(spec, policy):
        anchored = bound_confirmation(people.known, policy.automatic_labels or spec.labels, delta)
    return 1 - (1 - single) * (1 - anchored)


def measures_anchoring(spec: TaskSpec, policy: Policy) -> bool:
    """Tell whether checks show what they are about, so that how often people confirm what is wrong must be known."""
    return spec.answer.kind == "verdict" and isinstance(policy.risk, Risk) and policy.risk.anchoring == "measured"


async def said_by_people(evidence: TaskEvidence, spec: TaskSpec, policy: Policy) -> WhatPeopleSaid:
    """Read what counted_evidence wants to know of people. Raises Unavailable while a shard recovers."""
    known = await evidence.known(spec.task) if measures_anchoring(spec, policy) else []
    return WhatPeopleSaid(await evidence.answers(spec.task) if _is_seen_by_one(spec) else [], known)


def _is_seen_by_one(spec: TaskSpec) -> bool:
    return spec.review.random_answers == "one_and_expert_where_it_differs"


def _risk_of(policy: Policy, confirming: float) -> Callable[[str], RiskLevel]:
    def risk_of(segment: str) -> RiskLevel:
        terms = policy.risk_of(segment)
        assert terms is not None  # only policies with a risk level are looked at
        return corrected(RiskLevel(terms.level, terms.confidence), confirming)

    return risk_of


def _money_of(policy: Policy, confirming: float) -> MoneyLevel | None:
    """Its confidence is in the shares of the plan. Of the losses, people see what they do not confirm: the level that is tested
    is so much lower."""
    terms = policy.risk.money if isinstance(policy.risk, Risk) else None
    return None if terms is None else MoneyLevel(max(terms.per_decision * (1 - confirming), LEAST_LEVEL), terms.most)


def _rates(policy: Policy) -> AuditRates:
    base = max(policy.sampling.audit, 1e-3)
    return AuditRates(base, max(MOST_AUDITS, base))
