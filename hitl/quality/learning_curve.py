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
    """Return each version when it first served. A version whose evidence has no such figures is left out."""
    evidence = {each.approval_id: each.evidence for each in approvals}
    first: dict[str, LearningPoint] = {}
    for line in history:
        point = _point(line, evidence.get(line.approval_id or "", {}))
        if point is not None:
            first.setdefault(point.model, point)
    points = list(first.values())[-MOST_VERSIONS:]
    return LearningCurve(points, None if points else "no version with figures on held-out rows has served yet")


def _point(line: ServingView, evidence: Mapping[str, Any]) -> LearningPoint | None:
    """None where the evidence has no such figures: who asked for the approval wrote it."""
    try:
        return _read(line, evidence["candidate"]["accuracy"], evidence["data"]) if line.versions else None
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError):
        return None


def _read(line: ServingView, accuracy: Mapping[str, Any], data: Mapping[str, Any]) -> LearningPoint:
    (low, high), held_out = accuracy["interval_95"], (data.get("held_out") or {}).get("digest")
    return LearningPoint(
        model=line.versions[0][0],
        at=line.since or 0.0,
        labels=int(data["rows"]),
        value=float(accuracy["value"]),
        low=float(low),
        high=float(high),
        n=int(accuracy["n"]),
        held_out=held_out if isinstance(held_out, str) else None,
    )
