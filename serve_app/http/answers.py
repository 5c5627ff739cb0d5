"""A client's answer about a case, from its stored record alone, so that every repetition is the same."""

import json
from typing import Any

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


def http_status(record: CaseRecord) -> int:
    """200 for a case that the model decided, 202 for one that waits for people."""
    return 200 if record.action == Action.AUTOMATIC else 202


def decision_url(case_id: str) -> str:
    """The URL of the case's outcome, now and later."""
    return DECISIONS_PATH + case_id


def answer(record: CaseRecord, payload: bytes) -> dict[str, Any]:
    """The answer to the case, with the ``features`` and ``metadata`` that came with it."""
    return {**_told(record), **json.loads(payload)}


def render(record: CaseRecord, payload: bytes) -> bytes:
    """The JSON of ``answer``, without reading the payload again: both are canonical objects, so they can be joined."""
    told = _told(record)
    told["prediction_probs"] = numbers(record.probabilities)
    for name in FLOATS:
        told[name] = number(told[name])
    return canonical_rendered(told)[:-1] + b"," + payload[1:]


def _told(record: CaseRecord) -> dict[str, Any]:
    automatic = record.action == Action.AUTOMATIC
    declared = {} if record.declared_by is None else {"declared_by": record.declared_by}
    return declared | {
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
        "certificate": (record.certificate or UNCERTIFIED) if automatic else None,
        "raw_confidence": record.raw_confidence,
        "model_version": record.model_version,
        "policy_version": record.policy_version,
        "generation": record.generation,
        "decision_url": decision_url(record.case_id),
    }


def _by(record: CaseRecord) -> str:
    return "override" if record.segment == OVERRIDE_SEGMENT else "model"
