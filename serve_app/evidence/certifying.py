"""Compute a task's certificates from the journal, in the same way for the reconciler and for routes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hitl.quality.answers import SettledReview
from hitl.quality.automation import AutomationAlarm, Rules, SegmentStanding, findings, last_stops
from hitl.quality.certificate import RiskLevel
from hitl.quality.certifying import CertificationPlan
from hitl.quality.drift import AuditRates
from hitl.routing.policy import UNKNOWN, Policy, Risk
from hitl.routing.rules import CompiledPolicy
from hitl.serving.views import CertificateView, ServingView

HOUR_S = 3600.0
MOST_AUDITS = 0.5
"""The share of automatic decisions that is checked while evidence of drift grows."""

PolicyOf = Callable[[str, ServingView], CompiledPolicy]
"""The policy in force of a task, given what serves it (the answer to ServingOf)."""


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
    certificates: Sequence[CertificateView],
    compiled: CompiledPolicy,
    answers: Sequence[SettledReview],
    now: float,
) -> Looked:
    """The findings for ``model``; the other arguments are what the journal answers. The policy states a risk level."""
    policy = compiled.policy
    certified = serving.thresholds.get(model, {})
    plans = _plans(certificates, certified.get("certificate"))
    stops = last_stops(history)
    thresholds = certified.get("segments", {}) if certified.get("policy_version") == compiled.version else {}
    names = set(thresholds) | set(serving.stopped)
    standings = {
        name: SegmentStanding(
            threshold=thresholds.get(name),
            plan=plans.get(name) if thresholds.get(name) is not None else None,
            stopped=serving.stopped.get(name),
            since=stops.get(name, 0.0),
            audit=serving.audit.get(name),
        )
        for name in names
    }
    known = [each for each in answers if may_be_automatic(policy, each)]
    rules = Rules(_risk_of(policy), _rates(policy), _maturity_s(policy))
    found = findings(known, model, compiled.version, standings, rules, now)
    return Looked(model, compiled.version, serving.generation, rules.rates.base, found)


def may_be_automatic(policy: Policy, case: SettledReview) -> bool:
    """Tell whether a good enough threshold would let the model decide such a case: only those are what a certificate is about."""
    forbidding = {rule.name for rule in policy.rules if rule.effect != "priority"}
    is_allowed = policy.automatic_labels is None or case.prediction in policy.automatic_labels
    return is_allowed and case.segment != UNKNOWN and forbidding.isdisjoint(case.rules)


def thresholds_after(looked: Looked) -> dict[str, float | None]:
    """The thresholds that a certificate of these findings puts in force: existing ones, and new ones."""
    return {
        name: finding.progress.threshold if finding.is_news else finding.standing.threshold
        for name, finding in looked.findings.items()
        if finding.alarm is None
    }


def _plans(certificates: Sequence[CertificateView], wanted: str | None) -> dict[str, CertificationPlan]:
    """The plans that the certificate in force was made under."""
    evidence: Mapping[str, Any] = next((each.evidence for each in certificates if each.certificate == wanted), {})
    segments: Mapping[str, Any] = evidence.get("segments", {})
    return {name: CertificationPlan.of(each["plan"]) for name, each in segments.items() if each.get("plan")}


def _risk_of(policy: Policy) -> Callable[[str], RiskLevel]:
    def risk_of(segment: str) -> RiskLevel:
        terms = policy.risk_of(segment)
        assert terms is not None  # only policies with a risk level are looked at
        return RiskLevel(terms.level, terms.confidence)

    return risk_of


def _maturity_s(policy: Policy) -> float:
    return policy.risk.maturity_hours * HOUR_S if isinstance(policy.risk, Risk) else 0.0


def _rates(policy: Policy) -> AuditRates:
    base = max(policy.sampling.audit, 1e-3)
    return AuditRates(base, max(MOST_AUDITS, base))
