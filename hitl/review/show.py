"""A review as a JSON object: the same in answers, questions and the compared state."""

from dataclasses import asdict, fields
from typing import Any

from hitl.review.state import Review

_FLAT = tuple(field.name for field in fields(Review) if field.name not in ("lease", "outcome", "history"))


def show(review: Review) -> dict[str, Any]:
    """Every field of the review."""
    return {
        **{name: getattr(review, name) for name in _FLAT},
        "priority": review.priority.value,
        "status": review.status.value,
        "lease": asdict(review.lease) if review.lease else None,
        "outcome": asdict(review.outcome) if review.outcome else None,
        "history": list(review.history),
    }


def show_claimed(review: Review, leased: dict[str, Any], now: float) -> dict[str, Any]:
    """The review as its new holder sees it, once the event ``leased`` stands."""
    lease = {"id": leased["lease"], "reviewer": leased["reviewer"], "lease_s": leased["lease_s"], "granted_at": now}
    return {**show(review), "status": "leased", "lease": lease}
