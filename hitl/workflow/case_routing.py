"""Where a case goes after its prediction: by confidence, risk and compliance, with the reason in words."""

from collections.abc import Callable
from dataclasses import dataclass

from hitl.canonical import Json, JsonObject
from hitl.errors import InvalidInput
from hitl.workflow.free_json import is_number
from hitl.workflow.parts import CaseTemplate

CONDITIONS: dict[str, Callable[[Json, Json], bool]] = {
    "above": lambda value, bound: is_number(value) and is_number(bound) and value > bound,
    "below": lambda value, bound: is_number(value) and is_number(bound) and value < bound,
    "equals": lambda value, wanted: type(value) is type(wanted) and value == wanted,
}


@dataclass(frozen=True, slots=True)
class CasePrediction:
    """What the model said of a case: ``confidence`` is in [0, 1], ``uncertainty`` the model's own, of any form."""

    label: Json
    confidence: float
    uncertainty: Json


@dataclass(frozen=True, slots=True)
class RoutingDecision:
    """Where a case goes and why. ``confidence`` is in [0, 1]; ``uncertainty`` is the model's own, of any form;
    ``queue_priority`` None: it needs no person."""

    action: str
    reason: str
    confidence: float
    uncertainty: Json
    is_high_risk: bool
    requires_compliance: bool
    queue_priority: str | None


def routing_decision(said: CasePrediction, request_data: JsonObject, template: CaseTemplate) -> RoutingDecision:
    """``action`` is auto_approve, human_review or expert_escalation. High risk always reaches an expert, compliance always a
    person, whatever the confidence; and only a label that the template approves is approved by itself."""
    risky, audited = _holds(template.high_risk, request_data), _holds(template.compliance, request_data)
    action, reason, priority = _rule(said, template, risky, audited)
    return RoutingDecision(
        action=action,
        reason=reason,
        confidence=said.confidence,
        uncertainty=said.uncertainty,
        is_high_risk=risky,
        requires_compliance=audited,
        queue_priority=priority,
    )


def prediction_of(ai_result: JsonObject) -> CasePrediction:
    """Raises InvalidInput without a prediction and a confidence in [0, 1]."""
    if "prediction" not in ai_result:
        raise InvalidInput("/ai_result/prediction", "the predicted label")
    confidence = ai_result.get("confidence")
    if not is_number(confidence) or not 0 <= confidence <= 1:
        raise InvalidInput("/ai_result/confidence", "a number in [0, 1]")
    return CasePrediction(ai_result["prediction"], confidence, ai_result.get("uncertainty"))


def _rule(said: CasePrediction, template: CaseTemplate, risky: bool, audited: bool) -> tuple[str, str, str | None]:
    confidence, bands = said.confidence, template.thresholds
    if risky:
        return "expert_escalation", "high-risk case: an expert decides", "urgent"
    if audited:
        return "human_review", "compliance requires a person's decision", "high" if confidence <= bands.review else "normal"
    if confidence > bands.automatic:
        return _automatic(said, template)
    if confidence > bands.review:
        return "human_review", f"confidence {confidence:.3f} is not above {bands.automatic:g}", "normal"
    if confidence > bands.expert:
        return "human_review", f"confidence {confidence:.3f} is not above {bands.review:g}", "high"
    return "expert_escalation", f"confidence {confidence:.3f} is not above {bands.expert:g}", "urgent"


def _automatic(said: CasePrediction, template: CaseTemplate) -> tuple[str, str, str | None]:
    approves = template.approves
    if approves is not None and said.label not in approves:
        return "human_review", "the predicted label is not one that is approved by itself", "normal"
    return "auto_approve", f"confidence {said.confidence:.3f} is above {template.thresholds.automatic:g}", None


def _holds(conditions: list[JsonObject], request_data: JsonObject) -> bool:
    """Tell whether one of ``{"field", "above" | "below" | "equals"}`` is true of the request."""
    return any(
        CONDITIONS[name](request_data.get(str(each["field"])), bound)
        for each in conditions
        for name, bound in each.items()
        if name in CONDITIONS
    )
