"""What of a review is hidden from a person until they have answered it."""

from dataclasses import replace

from hitl.review.answer_events import KnownAnswered, ReviewAnswered, ReviewDecided
from hitl.review.show import view_of
from hitl.review.state import Purpose, Review
from hitl.review.views import HistoryStep, ReviewLease, ReviewView

ANSWERED = (ReviewAnswered.__name__, ReviewDecided.__name__)
"""The steps of a history that tell an answer."""

_STEP = ("type", "at", "queue", "priority", "lease", "lease_s")


def shown_to(review: Review, viewer: str | None) -> ReviewView:
    """Return the review as ``viewer`` may see it; None sees everything. A draft is its writer's alone. Others' answers are hidden
    until one's own is given, but not from the expert who settles them; the model's suggestion too where the review is blind."""
    shown = view_of(review)
    if viewer is None:
        return shown
    mine = {who: draft for who, draft in shown.drafts.items() if who == viewer}
    shown = replace(shown, preferred=None, drafts=mine)
    if review.purpose == Purpose.KNOWN:
        shown = _unmarked(shown)
    if not is_hidden(review, viewer):
        return shown
    if review.blind:
        return replace(_without_suggestion(shown), answers=[], history=[_bare(step) for step in shown.history])
    if review.is_with_experts:
        return shown
    return replace(shown, answers=[], history=[_without_answer(step) for step in shown.history])


def _without_suggestion(shown: ReviewView) -> ReviewView:
    """Hide what the model said, and whatever tells that this is a check of it."""
    return replace(
        shown,
        prediction=None,
        probabilities=None,
        confidence=None,
        uncertainty=None,
        confidence_level=None,
        model_version=None,
        reason="",
        purpose=None,
        streams=[],
        segment="",
        rules=[],
        is_automatic=None,
        automatic_parts=[],
        gold_probability=None,
        audit_probability=None,
        outcomes=[],
    )


def _unmarked(shown: ReviewView) -> ReviewView:
    """A review whose answer is known looks like any other, before and after it is answered."""
    history = [step for step in shown.history if step["type"] != KnownAnswered.__name__]
    masked = replace(shown, known=None, barred=[], reopens=None, history=history, outcomes=[])
    return replace(masked, purpose="gold", streams=["gold"]) if shown.blind else replace(masked, purpose="review", streams=[])


def shown_claimed(review: Review, lease: ReviewLease) -> ReviewView:
    """Return the review as its new holder sees it, once they have ``lease``."""
    return replace(shown_to(review, lease.reviewer), status="leased", lease=lease)


def is_hidden(review: Review, viewer: str) -> bool:
    """Tell whether ``viewer`` could still answer, so that what others said must not reach them."""
    return review.outcome is None and not any(answer["reviewer"] == viewer for answer in review.answers)


def _bare(step: HistoryStep) -> HistoryStep:
    return {name: step[name] for name in _STEP if name in step}


def _without_answer(step: HistoryStep) -> HistoryStep:
    return _bare(step) if step["type"] in ANSWERED else step
