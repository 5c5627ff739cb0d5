"""A client's answer about a case, from its stored record alone, so that every repetition is the same."""

import json
from typing import NotRequired

from typing_extensions import TypedDict

from hitl.answers.boxes import FieldBox
from hitl.canonical import Json, JsonObject
from hitl.canonical_fast import canonical_rendered, number, numbers
from hitl.intake import CaseRecord
from hitl.learning.overrides import SEGMENT as OVERRIDE_SEGMENT
from hitl.review.case_status import CaseStatus
from hitl.routing.route import Action

STATUS_OF = {
    Action.AUTOMATIC: CaseStatus.DECIDED.value,
    Action.REVIEW: CaseStatus.PENDING_HUMAN.value,
    Action.EXPERT: CaseStatus.PENDING_EXPERT.value,
}
UNCERTIFIED = "uncertified"
"""In place of a certificate's digest: the task says in words that its bands automate without one."""

DECISIONS_PATH = "/v1/decisions/"
FLOATS = ("confidence", "uncertainty", "processing_time", "raw_confidence")


class AutomaticOutcome(TypedDict):
    """The label of a case that no person decided: ``by`` is model or override."""

    label: str | None
    by: str


class ChosenRoute(TypedDict):
    """Who decides the case, and why; ``priority`` is None where the model does."""

    action: str
    reason: str
    priority: str | None


class DecidedPart(TypedDict):
    """Who decided a part of the answer: ``by`` is model or person, None while nobody has; ``is_override``: a person
    changed what the model had decided."""

    by: str | None
    is_override: bool


class StoredAnswer(TypedDict):
    """The part of the answer that the record holds. ``outcome`` is None where people decide, and ``certificate`` where the model
    decided nothing, no part either; probabilities and confidences are in [0, 1], ``processing_time`` in seconds; all that the
    model says is None without one. ``value`` are the fields as they were declared, where answers are fields, and ``parts`` says
    who decides each of them, where the model decided some by itself; ``boxes`` are where they were read, where the client said
    so."""

    case_id: str
    request_id: str
    task: str
    status: str
    outcome: AutomaticOutcome | None
    prediction: str | None
    prediction_probs: list[float] | None
    confidence: float | None
    uncertainty: float | None
    confidence_level: str | None
    processing_time: float
    route: ChosenRoute
    segment: str
    rules: list[str]
    is_high_risk: bool
    requires_compliance: bool
    certificate: str | None
    raw_confidence: float | None
    model_version: str | None
    policy_version: str
    generation: int
    decision_url: str
    declared_by: NotRequired[str]
    value: NotRequired[JsonObject]
    boxes: NotRequired[dict[str, FieldBox]]
    parts: NotRequired[dict[str, DecidedPart]]


class OpenedCase(StoredAnswer):
    """The answer to a new case: the model decided it, or it waits for people. ``features`` and ``metadata`` are as they came."""

    features: Json
    metadata: JsonObject


def http_status(record: CaseRecord) -> int:
    """200 for a case that the model decided, 202 for one that waits for people."""
    return 200 if record.action == Action.AUTOMATIC else 202


def decision_url(case_id: str) -> str:
    """Return the URL of the case's outcome, now and later."""
    return DECISIONS_PATH + case_id


def answer(record: CaseRecord, payload: bytes) -> OpenedCase:
    """Return the answer to the case, with the ``features`` and ``metadata`` that came with it."""
    came = json.loads(payload)
    told: OpenedCase = {**_told(record), "features": came.get("features"), "metadata": came.get("metadata")}
    if "value" in came:
        told["value"] = came["value"]
    if "boxes" in came:
        told["boxes"] = came["boxes"]
    return told


def render(record: CaseRecord, payload: bytes) -> bytes:
    """Render the JSON of ``answer``, without reading the payload again: both are canonical objects, so they can be joined."""
    told: dict[str, object] = {**_told(record)}
    told["prediction_probs"] = numbers(record.probabilities)
    for name in FLOATS:
        told[name] = number(getattr(record, name))
    return canonical_rendered(told)[:-1] + b"," + payload[1:]


def _told(record: CaseRecord) -> StoredAnswer:
    automatic = record.action == Action.AUTOMATIC
    told: StoredAnswer = {
        "case_id": record.case_id,
        "request_id": record.request_id,
        "task": record.task,
        "status": STATUS_OF[Action(record.action)],
        "outcome": {"label": record.prediction, "by": _by(record)} if automatic else None,
        "prediction": record.prediction,
        "prediction_probs": record.probabilities,
        "confidence": record.confidence,
        "uncertainty": record.uncertainty,
        "confidence_level": record.confidence_level,
        "processing_time": record.processing_time,
        "route": {"action": record.action, "reason": record.reason, "priority": record.priority},
        "segment": record.segment,
        "rules": record.rules,
        "is_high_risk": record.is_high_risk,
        "requires_compliance": record.requires_compliance,
        "certificate": (record.certificate or UNCERTIFIED) if automatic else record.certificate,
        "raw_confidence": record.raw_confidence,
        "model_version": record.model_version,
        "policy_version": record.policy_version,
        "generation": record.generation,
        "decision_url": decision_url(record.case_id),
    }
    if record.declared_by is not None:
        told["declared_by"] = record.declared_by
    if record.automatic_parts:
        told["parts"] = {name: _part(name in record.automatic_parts) for name in record.part_scores}
    return told


def _part(is_automatic: bool) -> DecidedPart:
    return {"by": "model" if is_automatic else None, "is_override": False}


def _by(record: CaseRecord) -> str:
    return "override" if record.segment == OVERRIDE_SEGMENT else "model"
