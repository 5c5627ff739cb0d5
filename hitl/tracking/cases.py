"""Between the product's cases and MLflow's traces: a trace for a decision, and cases out of traces that need a person."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hitl.tracking.record import Kind, RawSpan, RawTrace

CASE_TAG = "hitl.case_id"


def trace_of_case(case_id: str) -> str:
    """The trace id of a case's decision: derived, so that a label finds it without a table."""
    return hashlib.sha256(f"case\x00{case_id}".encode()).hexdigest()[:32]


def decision_trace(case_id: str, task: str, inputs: Any, outputs: Mapping[str, Any], ended_s: float, took_s: float) -> RawTrace:
    """A decision as a trace without a run: what was asked, what the model said, how it was routed."""
    trace_id, ended = trace_of_case(case_id), int(ended_s * 1e9)
    span = RawSpan(
        trace_id=trace_id,
        span_id=trace_id[:16],
        parent_id=None,
        kind=Kind.CUSTOM,
        name=task,
        feature=task,
        operation="decision",
        function="gateway",
        started_ns=ended - int(took_s * 1e9),
        ended_ns=ended,
        inputs=inputs,
        outputs=dict(outputs),
        tags={CASE_TAG: case_id},
        is_run=False,
    )
    return RawTrace((span,))


@dataclass(frozen=True, slots=True)
class Label:
    """What a person said of a case. ``id`` is stable: a repeated delivery changes nothing."""

    id: str
    case_id: str
    label: str
    reviewer: str
    agrees_with_model: bool | None
    comment: str = ""


def label_of(event: Mapping[str, Any]) -> Label:
    """The label in a ``ReviewDecided`` event of the journal."""
    said = event.get("agrees_with_model")
    return Label(
        id=str(event["review_id"]),
        case_id=str(event["case_id"]),
        label=str(event["label"]),
        reviewer=str(event["reviewer"]),
        agrees_with_model=said if isinstance(said, bool) else None,
        comment=str(event.get("comment") or ""),
    )


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
