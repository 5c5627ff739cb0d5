"""How a review begins: the work item that an event opens, with everything the event says of it."""

from sys import intern

from msgspec import UNSET, to_builtins

from hitl.review.events import OpeningEvent
from hitl.review.known import withdraw_known_item
from hitl.review.opening_events import KnownAsked, ReviewOpened
from hitl.review.pacing import note_arrival
from hitl.review.state import Review, ReviewState


def add_review(state: ReviewState, event: OpeningEvent) -> Review:
    """Return the new review, which ``state`` holds now."""
    review = _review(event)
    if isinstance(event, KnownAsked):
        review.known = to_builtins(event.known)
    elif event.automatic_parts is not UNSET:
        review.automatic_parts = event.automatic_parts
    if event.preferred is not UNSET:
        review.preferred = event.preferred
    if event.turn_at is not UNSET:
        review.turn_at = event.turn_at
        state.ordered_by.setdefault(review.task, "")
    if event.barred is not UNSET:
        review.barred = event.barred
    if event.known_probability is not UNSET:
        review.known_probability = event.known_probability
    state.reviews[review.review_id] = review
    note_arrival(state, review, review.opened_at)
    state.cursor = max(state.cursor, review.position)
    if isinstance(event, KnownAsked):
        withdraw_known_item(state, review)
    return review


def first_step(event: OpeningEvent, at: float) -> dict[str, object]:
    """Return the opening in the history of its review, which does not tell that the answer is known."""
    kind = ReviewOpened.__name__
    return {"type": kind, "queue": event.queue, "priority": event.priority.value, "reason": event.reason, "at": at}


def _review(event: OpeningEvent) -> Review:
    """Texts that thousands of reviews have in common are kept once."""
    return Review(
        case_id=event.case_id,
        review_id=event.review_id,
        task=intern(event.task),
        client=intern(event.client),
        queue=intern(event.queue),
        priority=event.priority,
        position=event.position,
        opened_at=event.opened_at,
        due_at=event.due_at,
        prediction=event.prediction,
        confidence=event.confidence,
        uncertainty=event.uncertainty,
        confidence_level=_kept_once(event.confidence_level),
        reason=intern(event.reason),
        model_version=_kept_once(event.model_version),
        policy_version=intern(event.policy_version),
        payload_digest=event.payload_digest,
        purpose=event.purpose.value,
        blind=event.blind,
        is_automatic=event.is_automatic,
        streams=event.streams,
        probabilities=event.probabilities,
        gold_probability=event.gold_probability,
        audit_probability=event.audit_probability,
        segment=intern(event.segment),
        rules=event.rules,
        warn_at=event.warn_at,
        assigned=event.assigned,
        reopens=event.reopens,
        escalation=event.escalation,
        generation=0 if event.generation is UNSET else event.generation,
    )


def _kept_once(text: str | None) -> str | None:
    return None if text is None else intern(text)
