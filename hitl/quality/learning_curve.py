"""The learning curve: held-out accuracy of each deployed version, as its approvers saw it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hitl.approval.views import ApprovalView
from hitl.serving.views import ServingView

MOST_VERSIONS = 100


@dataclass(frozen=True, slots=True)
class LearningPoint:
    """A version's accuracy in [0, 1] with its 95 % interval, when it first served at ``at`` (UTC seconds).

    ``labels`` are the rows it was trained on, ``n`` the held-out ones; ``held_out`` is their digest: points with another one
    were measured on other rows.
    """

    model: str
    at: float
    labels: int
    value: float
    low: float
    high: float
    n: int
    held_out: str | None


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """``points``, oldest first; ``missing`` says why there are none, None where there are."""

    points: list[LearningPoint]
    missing: str | None


def learning_curve(history: Sequence[ServingView], approvals: Iterable[ApprovalView]) -> LearningCurve:
    """Each version when it first served. A version whose evidence has no such figures is left out."""
    evidence = {each.approval_id: each.evidence for each in approvals}
    first: dict[str, LearningPoint] = {}
    for line in history:
        point = _point(line, evidence.get(line.approval_id or "", {}))
        if point is not None:
            first.setdefault(point.model, point)
    points = list(first.values())[-MOST_VERSIONS:]
    return LearningCurve(points, None if points else "no version with figures on held-out rows has served yet")


def _point(line: ServingView, evidence: Mapping[str, Any]) -> LearningPoint | None:
    judged, data = evidence.get("candidate"), evidence.get("data")
    if not line.versions or not isinstance(judged, Mapping) or not isinstance(data, Mapping):
        return None
    accuracy = judged.get("accuracy")
    if not isinstance(accuracy, Mapping) or accuracy.get("value") is None or "rows" not in data:
        return None
    low, high = accuracy["interval_95"]
    return LearningPoint(
        model=line.versions[0][0],
        at=line.since or 0.0,
        labels=data["rows"],
        value=accuracy["value"],
        low=low,
        high=high,
        n=accuracy["n"],
        held_out=(data.get("held_out") or {}).get("digest"),
    )
