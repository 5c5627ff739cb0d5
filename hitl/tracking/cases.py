"""Convert decisions to MLflow traces, and traces that need a person to cases."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hitl.errors import InvalidInput
from hitl.review.views import ReviewAnswer, ReviewDecision, ReviewView
from hitl.sealing import is_sealed_text
from hitl.tracking.record import RawTrace, moment_span

CASE_TAG = "hitl.case_id"
_VERSIONS = ("model_version", "policy_version")
_TOLD = ("prediction", "confidence", "uncertainty", "reason", "segment", *_VERSIONS)


def trace_of_case(case_id: str) -> str:
    """Return the trace id of a case's decision: derived, so that an answer finds it without a table."""
    return hashlib.sha256(f"case\x00{case_id}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class HumanAnswer:
    """One person's answer to a case. ``agrees_with_model`` None: there was no prediction."""

    reviewer: str
    label: str
    agrees_with_model: bool | None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review that has ended: what its answers come to, each of them, and the decision that they are about."""

    review_id: str
    case_id: str
    label: str
    reviewer: str
    purpose: str
    answers: tuple[HumanAnswer, ...]
    decision: RawTrace


def reviewed(review: ReviewView) -> Reviewed:
    """Return a decided review, as the shards show it. Raises InvalidInput for one that is not decided."""
    outcome = review.outcome
    if outcome is None:
        raise InvalidInput("/outcome", "a review that is decided")
    said: list[ReviewAnswer | ReviewDecision] = [*review.answers] or [outcome]
    answers = tuple(_answer(each, review.prediction) for each in said)
    purpose, ids = review.purpose or "review", (review.review_id, review.case_id)
    return Reviewed(*ids, outcome.label, outcome.reviewer, purpose, answers, decision_trace(review))


def decision_trace(review: ReviewView) -> RawTrace:
    """Return the model's decision as a trace without a run: what it said of the case and how it was routed, never the case's
    input, which can be erased in the product and not here."""
    told = {name: getattr(review, name) for name in _TOLD if getattr(review, name) is not None}
    notes = {"experiment": f"hitl-{review.task}", "params": {name: told[name] for name in _VERSIONS if name in told}}
    notes |= {"metrics": {"confidence": told["confidence"]}} if "confidence" in told else {}
    span = moment_span(trace_of_case(review.case_id), review.opened_at, review.task, "decision", "gateway")
    return RawTrace((replace(span, outputs=told, notes=notes, tags={CASE_TAG: review.case_id}),))


def _answer(said: ReviewAnswer | ReviewDecision, prediction: str | None) -> HumanAnswer:
    agrees = None if prediction is None else said.label == prediction
    # MLflow forgets nothing: what an erasure must reach does not go there.
    return HumanAnswer(said.reviewer, said.label, agrees, "" if is_sealed_text(said.comment) else said.comment)


@dataclass(frozen=True, slots=True)
class TraceItem:
    """A trace, or one row of an evaluation, that may need a person. ``scores`` by scorer; True and False count as 1 and 0."""

    trace_id: str
    inputs: Any
    outputs: Any
    scores: Mapping[str, float]
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class CaseRequest:
    """A case to open: ``key`` is its idempotency key, so that an import may be repeated."""

    key: str
    features: Any
    metadata: dict[str, str]


def cases_from(items: Iterable[TraceItem], features_at: str, *, below: float | None = None) -> list[CaseRequest]:
    """Cases of the traces whose input has the features at the path ``features_at`` (``inputs.row``).

    ``below``: only those with an error or a score under it. What has no features is left out.
    """
    chosen = [item for item in items if below is None or item.is_error or any(score < below for score in item.scores.values())]
    found = ((item, _at(item.inputs, features_at)) for item in chosen)
    return [CaseRequest(f"trace:{item.trace_id}", features, _metadata(item)) for item, features in found if features is not None]


def _metadata(item: TraceItem) -> dict[str, str]:
    worst = min(item.scores.items(), key=lambda pair: pair[1], default=None)
    told = {"mlflow_trace_id": item.trace_id}
    return told | ({"lowest_score": f"{worst[0]}={worst[1]:g}"} if worst else {})


def _at(value: Any, path: str) -> Any:
    for part in filter(None, path.split(".")):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
