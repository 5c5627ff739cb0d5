"""A review as a JSON object: the same in answers, questions and the compared state."""

from dataclasses import asdict
from typing import Any

from hitl.review.state import Review

_NESTED = ("lease", "outcome", "answers", "outcomes", "skipped", "drafts", "history")
_FLAT = tuple(name for name in Review.__struct_fields__ if name not in _NESTED)


def show(review: Review) -> dict[str, Any]:
    """Every field of the review."""
    return {
        **{name: getattr(review, name) for name in _FLAT},
        "priority": review.priority.value,
        "status": review.status.value,
        "lease": asdict(review.lease) if review.lease else None,
        "outcome": asdict(review.outcome) if review.outcome else None,
        "answers": list(review.answers),
        "outcomes": list(review.outcomes),
        "skipped": list(review.skipped),
        "drafts": dict(review.drafts),
        "history": list(review.history),
    }
