"""All that routes a task in one serving generation: the policy, what the evidence allows, and the shadow policy."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from hitl.answers.rule_values import RuleValues
from hitl.canonical import JsonObject, fingerprint
from hitl.errors import InvalidConfig
from hitl.routing.action import Action
from hitl.routing.circumstances import NO_EVIDENCE, RoutingContext, RoutingEvidence
from hitl.routing.cost import QueuePrices, harm_of
from hitl.routing.in_force import ModelThresholds, Watching
from hitl.routing.parts import NO_PARTS, part_segment
from hitl.routing.policy import policy_from
from hitl.routing.prediction import Prediction
from hitl.routing.route import NO_MODEL, Route, route
from hitl.routing.rules import NOTHING_SAID, CompiledPolicy, SaidOfCase, segment_of


@dataclass(frozen=True, slots=True)
class Request:
    """The part of a request that rules can speak of; ``values`` where the client declared a value, and ``part_scores`` where it
    declared how sure its model is of each part of it."""

    features: Any
    metadata: Mapping[str, Any]
    client: str
    values: RuleValues | None = None
    part_scores: Mapping[str, float] | None = None


FAILED = "(failed)"
"""Among the names of a case's rules where an expression failed on it: no threshold ever lets the model decide such a case."""


@dataclass(frozen=True, slots=True)
class Steered:
    """A case's ``route``, with the ``segment`` and the names of the ``rules`` that led to it. ``failure``: an expression of the
    policy that failed on the case, in words, with FAILED among the rules. ``harm``: what a wrong decision costs, in dollars,
    where the policy has a level for money."""

    route: Route
    segment: str
    rules: tuple[str, ...]
    failure: str | None = None
    harm: float | None = None


@dataclass(frozen=True, slots=True)
class Steering:
    """``shadow`` is asked what it would do, and nobody acts on it. ``shadow_refused``: why a shadow is not asked."""

    policy: CompiledPolicy
    evidence: RoutingEvidence = NO_EVIDENCE
    shadow: CompiledPolicy | None = None
    shadow_refused: str | None = None

    def steer(self, request: Request, prediction: Prediction | None, absent: Route = NO_MODEL) -> Steered:
        return steer(self.policy, self.evidence, request, prediction, absent)

    def would(self, request: Request, prediction: Prediction | None) -> Steered | None:
        """Return the route of the case under the shadow policy; None without one. Its thresholds are those in force for segments
        of the same name, since nothing is certified under it yet."""
        return None if self.shadow is None else steer(self.shadow, self.evidence, request, prediction, is_trial=True)

    def random_probability(self, steered: Steered, model: str | None) -> float:
        """Return the probability that the case is in the random sample. Under a risk level ``cold`` of what people decide anyway
        is, so that thresholds under the certified one are earned too; each draw counts by its probability. A case that the model
        decided in part is not among those: a blind check asks for every part."""
        sampling = self.policy.policy.sampling
        is_certified = model is not None and self.evidence.find_threshold(model, self.policy.version, steered.segment) is not None
        by_people = steered.route.action is not Action.AUTOMATIC
        is_free = not steered.route.parts and (by_people or not is_certified)
        return max(sampling.random, sampling.cold) if self.policy.policy.risk != "uncertified" and is_free else sampling.random

    def audit_probability(self, steered: Steered) -> float:
        """Return the probability that the case is in the audit sample, because the model decided it, or parts of it: then the
        largest that one of them asks for."""
        base = self.policy.policy.sampling.audit
        if steered.route.parts:
            return max(self.evidence.audit.get(part_segment(name), base) for name in steered.route.parts)
        if steered.route.action is not Action.AUTOMATIC:
            return 0.0
        return self.evidence.audit.get(steered.segment, base)


def steer(
    compiled: CompiledPolicy,
    evidence: RoutingEvidence,
    request: Request,
    prediction: Prediction | None,
    absent: Route = NO_MODEL,
    is_trial: bool = False,
) -> Steered:
    """``is_trial``: a policy that is not in force, so that no certificate can be about it."""
    policy = compiled.policy
    found = compiled.judge(request.features, request.metadata, request.client, _said(request, prediction))
    segment = segment_of(found, prediction.label if prediction else None, policy.segments.by_label)
    certified, parts = None, NO_PARTS
    version = None if is_trial else compiled.version
    if prediction is not None and evidence.thresholds:
        certified = evidence.find_threshold(prediction.model, version, segment)
    if prediction is not None and policy.parts == "each" and request.part_scores:
        parts = evidence.find_parts(request.part_scores, prediction.model, version)
    case = RoutingContext(segment, found, certified, evidence.stopped.get(segment), evidence.prices, parts)
    failed = () if found.failure is None else (FAILED,)
    names, harm = (*(rule.name for rule in found.matched), *failed), harm_of(policy, found.amount)
    return Steered(route(prediction, policy, case, absent), segment, names, found.failure, harm)


def _said(request: Request, prediction: Prediction | None) -> SaidOfCase:
    """Return what the model says of the case, as rules read it."""
    if prediction is None:
        return NOTHING_SAID
    if request.values is None:
        return SaidOfCase(prediction.label, prediction.confidence)
    return SaidOfCase(request.values.answer, prediction.confidence, request.values.cents)


class Steers(Protocol):
    """What is in force for a task, with the meaning of hitl.serving.in_force.InForce."""

    @property
    def policy(self) -> JsonObject | None: ...
    @property
    def thresholds(self) -> dict[str, ModelThresholds]: ...
    @property
    def stopped(self) -> dict[str, str]: ...
    @property
    def audit(self) -> dict[str, float]: ...
    @property
    def prices(self) -> dict[str, float]: ...
    @property
    def shadow(self) -> Watching: ...


def steering_of(now: Steers, configured: CompiledPolicy, labels: list[str]) -> Steering:
    """Return the steering that ``now`` puts in force. Raises InvalidConfig for a policy that this version cannot read; a shadow
    that it cannot read is left out, with its reason."""
    prices = now.prices
    costs = QueuePrices(prices.get("review", 0.0), prices.get("expert", 0.0))
    evidence = RoutingEvidence(now.thresholds, now.stopped, now.audit, costs)
    shadow, why = _shadow_from(now.shadow.get("policy"), labels)
    return Steering(configured if now.policy is None else compiled_from(now.policy, labels), evidence, shadow, why)


def _shadow_from(body: JsonObject | None, labels: list[str]) -> tuple[CompiledPolicy | None, str | None]:
    """The shadow policy, or why there is none although one was set: it answers nothing, so that nothing waits for it."""
    try:
        return (None if body is None else compiled_from(body, labels)), None
    except InvalidConfig as error:
        return None, str(error)


def compiled_from(body: dict[str, Any], labels: list[str], source: str = "policy") -> CompiledPolicy:
    """Return the policy of this body, ready to use. Raises InvalidConfig that names the key."""
    return CompiledPolicy(policy_from(body, labels, source), fingerprint(body), source)
