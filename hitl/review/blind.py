"""What of a review is hidden from a person until they have answered it."""

from typing import Any

from hitl.review.answer_events import KnownAnswered, ReviewAnswered, ReviewDecided
from hitl.review.handling_events import ReviewLeased
from hitl.review.show import show
from hitl.review.state import Purpose, Review

SUGGESTION: dict[str, Any] = {
    "prediction": None,
    "probabilities": None,
    "confidence": None,
    "uncertainty": None,
    "confidence_level": None,
    "model_version": None,
    "reason": "",
    "purpose": None,
    "streams": [],
    "segment": "",
    "rules": [],
    "is_automatic": None,
    "gold_probability": None,
    "audit_probability": None,
    "outcomes": [],
}
"""What the model said, and whatever tells that this is a check of it."""

ANSWERED = (ReviewAnswered.__name__, ReviewDecided.__name__)
"""The steps of a history that tell an answer."""

_STEP = ("type", "at", "queue", "priority", "lease", "lease_s")


def shown_to(review: Review, viewer: str | None) -> dict[str, Any]:
    """The review as ``viewer`` may see it; None sees everything. A draft is its writer's alone. Others' answers are hidden until
    one's own is given, but not from the expert who settles them; the model's suggestion too where the review is blind."""
    shown = show(review)
    if viewer is None:
        return shown
    shown |= {"preferred": None, **(_unmarked(review) if review.purpose == Purpose.KNOWN else {})}
    shown["drafts"] = {who: draft for who, draft in review.drafts.items() if who == viewer}
    if not is_hidden(review, viewer):
        return shown
    if review.blind:
        return {**shown, **SUGGESTION, "answers": [], "history": [_bare(step) for step in shown["history"]]}
    if review.is_with_experts:
        return shown
    return {**shown, "answers": [], "history": [_without_answer(step) for step in shown["history"]]}


def _unmarked(review: Review) -> dict[str, Any]:
    """A review whose answer is known looks like any other, before and after it is answered."""
    purpose, streams = (Purpose.GOLD.value, ["gold"]) if review.blind else (Purpose.REVIEW.value, [])
    history = [step for step in review.history if step["type"] != KnownAnswered.__name__]
    masked = {"known": None, "barred": [], "reopens": None, "purpose": purpose, "streams": streams, "history": history}
    return {**masked, "outcomes": []}


def shown_claimed(review: Review, leased: ReviewLeased, now: float) -> dict[str, Any]:
    """The review as its new holder sees it, once the event ``leased`` stands."""
    lease = {"id": leased.lease, "reviewer": leased.reviewer, "lease_s": leased.lease_s, "granted_at": now}
    return {**shown_to(review, leased.reviewer), "status": "leased", "lease": lease}


def is_hidden(review: Review, viewer: str) -> bool:
    """Whether ``viewer`` could still answer, so that what others said must not reach them."""
    return review.outcome is None and not any(answer["reviewer"] == viewer for answer in review.answers)


def _bare(step: dict[str, Any]) -> dict[str, Any]:
    return {name: step[name] for name in _STEP if name in step}


def _without_answer(step: dict[str, Any]) -> dict[str, Any]:
    return _bare(step) if step["type"] in ANSWERED else step
