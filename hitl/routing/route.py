"""Route a case to the model, a reviewer or an expert, with the reason in words.

In this order: high risk and expert rules; no prediction; what forbids the model (compliance, a rule, an expression that failed,
a label, an alarm); the evidence or the bands; and, where the policy has costs, the least expected cost among what is left.
"""

from dataclasses import dataclass, replace

from hitl.routing.action import Action, Priority
from hitl.routing.circumstances import PLAIN, RoutingContext
from hitl.routing.cost import Costs, Doubt, cheapest, harm_of
from hitl.routing.parts import CertifiedParts
from hitl.routing.policy import Bands, CostTerms, Policy, PolicyRule, Risk
from hitl.routing.prediction import Prediction

__all__ = ["NO_MODEL", "UNUSABLE", "Action", "Priority", "Route", "route"]

_PRESSING = tuple(Priority)


@dataclass(frozen=True, slots=True)
class Route:
    """The route of a case; ``priority`` is None exactly when it is decided automatically. ``certificate`` is the digest of the
    one that let the model decide, the case or ``parts`` of it; None with an automatic action: the task's risk is uncertified.
    ``parts`` are those that the model decided where each goes by itself: people are asked for the others."""

    action: Action
    reason: str
    priority: Priority | None = None
    certificate: str | None = None
    is_high_risk: bool = False
    requires_compliance: bool = False
    parts: tuple[str, ...] = ()


NO_MODEL = Route(Action.REVIEW, "no approved model serves this task yet", Priority.NORMAL)
UNUSABLE = Route(Action.EXPERT, "the model gave no usable probabilities", Priority.URGENT)


@dataclass(frozen=True, slots=True)
class _Permit:
    """Tell whether the model may decide, with the reason either way; ``parts`` are those that it may decide by themselves."""

    is_given: bool
    reason: str
    certificate: str | None = None
    parts: tuple[str, ...] = ()


def route(prediction: Prediction | None, policy: Policy, case: RoutingContext = PLAIN, absent: Route = NO_MODEL) -> Route:
    """Return the route of a case; without a prediction ``absent``, unless a rule says more."""
    matched = case.found.matched
    chosen = _by_expert_rule(matched) or _chosen(prediction, policy, case, absent)
    return _marked(chosen, matched) if matched else chosen


def _by_expert_rule(matched: tuple[PolicyRule, ...]) -> Route | None:
    if risky := _first(matched, "high_risk"):
        return Route(Action.EXPERT, f"high risk: {risky.words}", Priority.URGENT)
    if rule := _first(matched, "expert"):
        return Route(Action.EXPERT, f"rule {rule.name}: {rule.words}", Priority(rule.priority or Priority.URGENT))
    return None


def _chosen(prediction: Prediction | None, policy: Policy, case: RoutingContext, absent: Route) -> Route:
    if prediction is None:
        return absent
    bands = policy.bands_of(case.segment)
    forbidden = _forbidden(prediction, policy, case)
    permit = _Permit(False, forbidden) if forbidden else _permit(prediction, policy, bands, case)
    if policy.costs is not None:
        return _by_cost(prediction, policy.costs, bands, case, permit)
    if permit.is_given:
        return Route(Action.AUTOMATIC, permit.reason, None, permit.certificate, parts=permit.parts)
    asked = _to_people(prediction.confidence, bands, permit.reason, bool(forbidden) or policy.parts == "each")
    return replace(asked, certificate=permit.certificate, parts=permit.parts) if permit.parts else asked


def _forbidden(prediction: Prediction, policy: Policy, case: RoutingContext) -> str | None:
    """Why the model may not decide this case, however sure it is; None: it may."""
    found = case.found
    if rule := _first(found.matched, "compliance"):
        return f"compliance: {rule.words}"
    if rule := _first(found.matched, "review"):
        return f"rule {rule.name}: {rule.words}"
    if found.failure:
        return found.failure
    if policy.automatic_labels is not None and prediction.label not in policy.automatic_labels:
        return f"label {prediction.label} is never decided automatically"
    if dear := _too_dear(policy, case):
        return dear
    if case.stopped is not None:
        return f"automation of segment {case.segment} is stopped: {case.stopped}"
    return None


def _too_dear(policy: Policy, case: RoutingContext) -> str | None:
    """A certificate of money covers no case that could cost more than its bound."""
    harm = harm_of(policy, case.found.amount)
    money = policy.risk.money if isinstance(policy.risk, Risk) else None
    if money is None or harm is None or harm <= money.most:
        return None
    return f"an error here may cost ${harm:.2f}, and none above ${money.most:g} is decided automatically"


def _permit(prediction: Prediction, policy: Policy, bands: Bands, case: RoutingContext) -> _Permit:
    """At or above a certified threshold; where the risk is uncertified, above the band. A certificate counts the errors at or
    above its threshold, so the comparison here is the same."""
    confidence = prediction.confidence
    if policy.parts == "each":
        return _permit_parts(case.parts)
    if policy.risk_of(case.segment) is None:
        if confidence > bands.automatic:
            return _Permit(True, f"confidence {confidence:.3f} is above {bands.automatic:g} (uncertified)")
        return _Permit(False, f"confidence {confidence:.3f} is not above {bands.automatic:g}")
    if case.certified is None:
        return _Permit(False, f"no threshold is certified for segment {case.segment}")
    threshold = case.certified.threshold
    if confidence >= threshold:
        reason = f"confidence {confidence:.3f} is at or above the certified {threshold:.6g} of segment {case.segment}"
        return _Permit(True, reason, case.certified.certificate)
    return _Permit(False, f"confidence {confidence:.3f} is under the certified {threshold:.6g} of segment {case.segment}")


def _permit_parts(parts: CertifiedParts) -> _Permit:
    """The model decides the case where it may decide every part, and else the parts that it may."""
    if not parts.decided:
        why = "no part is at or above a certified threshold" if parts.others else "the prediction has no score for each part"
        return _Permit(False, why)
    if not parts.others:
        return _Permit(True, "every part is at or above its certified threshold", parts.certificate, parts.decided)
    why = f"{', '.join(parts.others)} under the certified threshold or without one"
    return _Permit(False, why, parts.certificate, parts.decided)


def _to_people(confidence: float, bands: Bands, why: str, is_told: bool) -> Route:
    also = f"; {why}" if is_told else ""
    if confidence > bands.normal:
        return Route(Action.REVIEW, f"{why}: a person checks", Priority.NORMAL)
    if confidence > bands.high:
        reason = f"confidence {confidence:.3f} is not above {bands.normal:g}: a person looks carefully{also}"
        return Route(Action.REVIEW, reason, Priority.HIGH)
    return Route(
        Action.EXPERT, f"confidence {confidence:.3f} is not above {bands.high:g}: an expert decides{also}", Priority.URGENT
    )


def _by_cost(prediction: Prediction, terms: CostTerms, bands: Bands, case: RoutingContext, permit: _Permit) -> Route:
    costs = Costs(terms.review, terms.expert, terms.harm, terms.harm_per_amount)
    doubt = Doubt(1 - prediction.confidence, terms.reviewer_error, terms.expert_error)
    choice = cheapest(doubt, case.found.amount, costs, case.prices, permit.is_given)
    if choice.action is Action.AUTOMATIC:
        return Route(choice.action, f"{permit.reason}; {choice.reason}", None, permit.certificate)
    why = choice.reason if permit.is_given else f"{permit.reason}; {choice.reason}"
    return Route(choice.action, why, Priority.NORMAL if prediction.confidence > bands.normal else Priority.HIGH)


def _marked(chosen: Route, matched: tuple[PolicyRule, ...]) -> Route:
    """Return the route with what the rules say of every case that they match: flags, a priority, and compliance as a reason."""
    compliance = _first(matched, "compliance")
    is_named = compliance is None or f"compliance: {compliance.words}" in chosen.reason
    return replace(
        chosen,
        reason=chosen.reason if compliance is None or is_named else f"{chosen.reason}; compliance: {compliance.words}",
        priority=_priority(chosen, matched),
        is_high_risk=_first(matched, "high_risk") is not None,
        requires_compliance=compliance is not None,
    )


def _priority(chosen: Route, matched: tuple[PolicyRule, ...]) -> Priority | None:
    """Return the most pressing one that a rule names; an expert's case is never made less pressing."""
    given = [Priority(rule.priority) for rule in matched if rule.priority is not None]
    if chosen.priority is None or not given:
        return chosen.priority
    return min([*given, *([chosen.priority] if chosen.action is Action.EXPERT else [])], key=_PRESSING.index)


def _first(matched: tuple[PolicyRule, ...], effect: str) -> PolicyRule | None:
    return next((rule for rule in matched if rule.effect == effect), None)
