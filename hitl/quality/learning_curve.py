"""The learning curve: held-out accuracy of each deployed version, as its approvers saw it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

MOST_VERSIONS = 100


def learning_curve(history: Sequence[Mapping[str, Any]], approvals: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """``{"model", "at", "labels", "value", "low", "high", "n", "held_out"}`` of each version when it first served, oldest first.
    ``labels`` are the rows it was trained on, ``n`` the held-out ones; ``held_out`` is their digest: points with another one were
    measured on other rows. A version whose evidence has no such figures is left out."""
    evidence = {each["approval_id"]: each["evidence"] for each in approvals}
    first: dict[str, dict[str, Any]] = {}
    for line in history:
        point = _point(line, evidence.get(line["approval_id"], {}))
        if point is not None:
            first.setdefault(point["model"], point)
    return list(first.values())[-MOST_VERSIONS:]


def _point(line: Mapping[str, Any], evidence: Mapping[str, Any]) -> dict[str, Any] | None:
    judged, data = evidence.get("candidate"), evidence.get("data")
    if not line["versions"] or not isinstance(judged, Mapping) or not isinstance(data, Mapping):
        return None
    accuracy = judged.get("accuracy")
    if not isinstance(accuracy, Mapping) or accuracy.get("value") is None or "rows" not in data:
        return None
    low, high = accuracy["interval_95"]
    return {
        "model": line["versions"][0][0],
        "at": line["since"],
        "labels": data["rows"],
        "value": accuracy["value"],
        "low": low,
        "high": high,
        "n": accuracy["n"],
        "held_out": (data.get("held_out") or {}).get("digest"),
    }
