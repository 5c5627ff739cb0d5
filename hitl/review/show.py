"""A review as the view that answers have, and as the JSON object of the archive and the compared state: both say the same."""

from dataclasses import asdict
from typing import Any

from hitl.review import views
from hitl.review.state import Review

_NESTED = ("lease", "outcome", "answers", "outcomes", "skipped", "drafts", "history")
_FLAT = tuple(name for name in Review.__struct_fields__ if name not in (*_NESTED, "generation"))
_AS_THEY_ARE = tuple(name for name in _FLAT if name not in ("status", "known", "turn_at"))
_UNLESS_EMPTY = ("automatic_parts", "turn_at")


def show(review: Review) -> dict[str, Any]:
    """Return every field of the review; its ``generation``, its automatic parts and its turn only where it has some: other
    reviews are told as they always were."""
    generation = {"generation": review.generation} if review.generation else {}
    told = (name for name in _FLAT if name not in _UNLESS_EMPTY or getattr(review, name))
    return {
        **generation,
        **{name: getattr(review, name) for name in told},
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


def view_of(review: Review) -> views.ReviewView:
    """Return the review as a view, without its turn: that would tell how sure the model is where this is hidden. It shares
    nothing that changes with ``review``."""
    return views.ReviewView(
        **{name: getattr(review, name) for name in _AS_THEY_ARE},
        generation=review.generation,
        status=review.status.value,
        known=views.KnownItem(**review.known) if review.known else None,
        lease=lease_of(review),
        outcome=views.ReviewDecision(**asdict(review.outcome)) if review.outcome else None,
        answers=answers_of(review),
        outcomes=[views.OutcomeRecord(**each) for each in review.outcomes],
        skipped=list(review.skipped),
        drafts={who: views.Draft(**draft) for who, draft in review.drafts.items()},
        history=list(review.history),
    )


def answers_of(review: Review) -> list[views.ReviewAnswer]:
    """The answers given so far, in order."""
    return [views.ReviewAnswer(**each) for each in review.answers]


def lease_of(review: Review) -> views.ReviewLease | None:
    """Return the lease of whoever holds the review."""
    return views.ReviewLease(**asdict(review.lease)) if review.lease else None
