"""Rules, segments, risk levels and costs: who decides, and with which reason."""

from typing import Any

import pytest

from hitl.errors import InvalidConfig
from hitl.routing.circumstances import RoutingEvidence
from hitl.routing.policy import Policy, Sampling, check_can_alarm
from hitl.routing.prediction import Prediction, predict_from
from hitl.routing.steering import Request, Steered, Steering, compiled_from

LABELS = ["reject", "approve"]
RULES = [
    {
        "name": "large",
        "when": "has(metadata.amount) && metadata.amount > 10000",
        "effect": "high_risk",
        "reason": "amount above 10000",
    },
    {
        "name": "audited",
        "when": "has(metadata.requires_audit) && metadata.requires_audit",
        "effect": "compliance",
        "reason": "requires audit",
    },
]
RISK = {"level": 0.05, "confidence": 0.9}


def predicted(confidence: float, label: str = "approve") -> Prediction:
    return Prediction(label, (1 - confidence, confidence), confidence, 0.1, "m", confidence)


def steered(confidence: float, body: dict[str, Any], evidence: RoutingEvidence | None = None, **metadata: Any) -> Steered:
    steering = Steering(compiled_from(body, LABELS), evidence or RoutingEvidence())
    label = metadata.pop("label", "approve")
    return steering.steer(Request([1.0, 2.0], metadata, "ada"), predicted(confidence, label))


def certified(body: dict[str, Any], **segments: float | None) -> RoutingEvidence:
    version = compiled_from(body, LABELS).version
    return RoutingEvidence({"m": {"certificate": "c" * 64, "policy_version": version, "segments": segments}})


@pytest.mark.covers("D01", "003-50")
@pytest.mark.parametrize("confidence", [0.99, 0.6])
def test_a_high_risk_case_reaches_an_expert_and_says_so(confidence: float) -> None:
    route = steered(confidence, {"rules": RULES}, amount=10_001).route
    assert (route.action, route.priority, route.reason) == ("expert", "urgent", "high risk: amount above 10000")
    assert route.is_high_risk


@pytest.mark.covers("D02", "003-51")
def test_a_compliance_case_names_compliance_as_the_reason() -> None:
    route = steered(0.99, {"rules": RULES}, requires_audit=True).route
    assert (route.action, route.priority, route.requires_compliance) == ("review", "normal", True)
    assert route.reason == "compliance: requires audit: a person checks"


@pytest.mark.covers("003-45", "003-46", "003-47", "003-48", "003-66")
@pytest.mark.parametrize(
    ("confidence", "metadata", "action", "priority"),
    [
        (0.96, {}, "automatic", None),
        (0.96, {"amount": 10_000}, "automatic", None),
        (0.96, {"amount": 10_000.01}, "expert", "urgent"),
        (0.96, {"requires_audit": True}, "review", "normal"),
        (0.90, {}, "review", "normal"),
        (0.90, {"amount": 20_000}, "expert", "urgent"),
        (0.60, {}, "review", "high"),
        (0.60, {"requires_audit": True}, "review", "high"),
        (0.40, {"requires_audit": True}, "expert", "urgent"),
        (0.40, {}, "expert", "urgent"),
    ],
)
def test_confidence_risk_and_compliance_decide_together(
    confidence: float, metadata: dict[str, Any], action: str, priority: str | None
) -> None:
    route = steered(confidence, {"rules": RULES}, **metadata).route
    assert (route.action, route.priority) == (action, priority)


@pytest.mark.parametrize(
    "when", ["metadata.absent > 3", "metadata.amount == 'x' && metadata.absent", "features.absent", "metadata.word"]
)
def test_an_expression_that_fails_on_a_case_sends_it_to_a_person(when: str) -> None:
    route = steered(
        0.99, {"rules": [{"name": "r", "when": when, "effect": "priority", "priority": "low"}]}, amount="x", word="w"
    ).route
    assert route.action == "review"
    assert route.reason.startswith("rule r: ")


@pytest.mark.covers("D43")
def test_only_labels_that_the_policy_lists_are_automatic() -> None:
    body = {"automatic_labels": ["approve"]}
    assert steered(0.97, body).route.action == "automatic"
    refused = steered(0.97, body, label="reject").route
    assert (refused.action, refused.reason) == ("review", "label reject is never decided automatically: a person checks")


def test_a_rule_gives_the_priority_and_never_automation() -> None:
    hurry = [{"name": "vip", "when": "client == 'ada'", "effect": "priority", "priority": "urgent"}]
    assert steered(0.9, {"rules": hurry}).route.priority == "urgent"
    assert steered(0.97, {"rules": hurry}).route.action == "automatic"


def test_a_risk_level_automates_nothing_without_a_certificate() -> None:
    route = steered(1.0, {"risk": RISK}).route
    assert (route.action, route.reason) == ("review", "no threshold is certified for segment all: a person checks")


@pytest.mark.parametrize(("confidence", "action"), [(0.7, "automatic"), (0.6999, "review")])
def test_a_score_at_the_certified_threshold_is_automatic(confidence: float, action: str) -> None:
    route = steered(confidence, {"risk": RISK}, certified({"risk": RISK}, all=0.7)).route
    assert (route.action, route.certificate) == (action, "c" * 64 if action == "automatic" else None)


def test_a_certificate_about_another_policy_or_segment_allows_nothing() -> None:
    other = {"risk": {**RISK, "level": 0.1}}
    assert steered(1.0, {"risk": RISK}, certified(other, all=0.7)).route.action == "review"
    assert steered(1.0, {"risk": RISK}, certified({"risk": RISK}, elsewhere=0.7)).route.action == "review"


def test_a_stopped_segment_says_why() -> None:
    route = steered(0.99, {}, RoutingEvidence(stopped={"all": "audits found too many errors"})).route
    assert route.reason == "automation of segment all is stopped: audits found too many errors: a person checks"


SEGMENTS = {"by_label": True, "named": [{"name": "large", "when": "metadata.amount > 1000"}]}


@pytest.mark.parametrize(
    ("metadata", "segment"),
    [({"amount": 2000}, "large/approve"), ({"amount": 5}, "other/approve"), ({}, "unknown/approve")],
)
def test_a_case_has_the_segment_of_its_fields_and_its_label(metadata: dict[str, Any], segment: str) -> None:
    assert steered(0.99, {"segments": SEGMENTS}, **metadata).segment == segment


def test_a_segment_that_cannot_be_told_is_never_automatic() -> None:
    assert steered(0.99, {"segments": SEGMENTS}).route.action == "review"


def test_segments_may_have_bands_and_levels_of_their_own() -> None:
    body = {
        "segments": SEGMENTS,
        "by_segment": {"large": {"automatic": 0.99}},
        "risk": {**RISK, "segments": {"large": {"level": 0.01}}},
    }
    policy = compiled_from(body, LABELS).policy
    assert (policy.bands_of("large/approve").automatic, policy.bands_of("other/approve").automatic) == (0.99, 0.95)
    assert [level.level for each in ("large/reject", "other/reject") if (level := policy.risk_of(each))] == [0.01, 0.05]


COSTS = {
    "review": 2.0,
    "expert": 8.0,
    "harm": 10.0,
    "harm_per_amount": 0.02,
    "amount": "metadata.amount",
    "reviewer_error": 0.01,
    "expert_error": 0.001,
}


@pytest.mark.covers("003-06")
@pytest.mark.parametrize(
    ("confidence", "amount", "action"),
    [(0.97, 100, "automatic"), (0.97, 10_000, "review"), (0.6, 100, "review"), (0.6, 100_000, "expert")],
)
def test_with_costs_the_least_expected_cost_decides(confidence: float, amount: int, action: str) -> None:
    assert steered(confidence, {"costs": COSTS}, amount=amount).route.action == action


def test_costs_never_automate_without_a_certificate() -> None:
    cheap = {"costs": {**COSTS, "harm": 0.0}, "risk": RISK}
    assert steered(0.99, cheap, amount=0).route.action == "review"
    assert steered(0.99, cheap, certified(cheap, all=0.9), amount=0).route.action == "automatic"


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"risk": {"level": 0, "confidence": 0.9}}, "risk.level"),
        ({"risk": {"level": 0.05, "confidence": 1.0}}, "risk.confidence"),
        ({"risk": {**RISK, "segments": {"nowhere": {"level": 0.1}}}}, "risk.segments.nowhere"),
        ({"by_segment": {"nowhere": {}}}, "by_segment.nowhere"),
        ({"automatic_labels": ["aprove"]}, "automatic_labels.aprove"),
        ({"rules": [{"name": "r", "when": "metadata.amount >", "effect": "review"}]}, "rules.r.when"),
        ({"rules": [{"name": "r", "when": "amount > 3", "effect": "review"}]}, "rules.r.when"),
        ({"rules": [{"name": "r", "when": "'yes'", "effect": "review"}]}, "rules.r.when"),
        ({"rules": [{"name": "r", "when": "true", "effect": "automatic"}]}, "rules.0.effect"),
        ({"rules": [{"name": "r", "when": "true", "effect": "priority"}]}, "rules.0"),
        ({"rules": [RULES[0], RULES[0]]}, "rules"),
        ({"segments": {"named": [{"name": "a", "when": "true +"}]}}, "segments.named.a.when"),
        ({"costs": {"amount": "'much'"}}, "costs.amount"),
        ({"costs": {"review": -1.0}}, "costs.review"),
        ({"sampling": {"gold": 1.5}}, "sampling.gold"),
        ({"unheard_of": 1}, "unheard_of"),
    ],
)
def test_a_wrong_policy_is_refused_with_its_key(body: dict[str, Any], key: str) -> None:
    with pytest.raises(InvalidConfig) as refusal:
        compiled_from(body, LABELS, "policy")
    assert refusal.value.key == key


@pytest.mark.covers("003-44")
@pytest.mark.parametrize(("name", "value"), [("entropy", 0.5623), ("margin", 0.5), ("least_confident", 0.25)])
def test_uncertainty_is_measured_as_the_policy_says(name: str, value: float) -> None:
    assert predict_from([0.75, 0.25], LABELS, "m", uncertainty=name).uncertainty == pytest.approx(value, abs=1e-4)


@pytest.mark.parametrize("shares", [{"audit": 0.0, "random": 0.0}, {"audit": 0.0, "gold": 0.0}])
def test_a_risk_level_without_checks_is_refused_and_a_policy_in_force_still_reads(shares: dict[str, float]) -> None:
    policy = Policy.model_validate({"risk": {"level": 0.05}, "sampling": shares})
    with pytest.raises(InvalidConfig, match=r"sampling\.audit"):
        check_can_alarm(policy, "digits")
    check_can_alarm(Policy.model_validate({"sampling": shares}), "digits")


def test_the_former_name_of_the_random_sample_still_reads() -> None:
    assert Policy.model_validate({"sampling": {"gold": 0.2}}) == Policy.model_validate({"sampling": {"random": 0.2}})
    assert (Sampling().random, Sampling().cold) == (0.10, 1.0)
