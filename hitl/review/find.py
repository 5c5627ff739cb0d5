"""The review that a command names, or the refusal of it."""

from hitl.errors import AlreadyDecided, NotFound, NotInMemory, StaleLease
from hitl.review.state import Review, ReviewState


def find(state: ReviewState, review_id: str) -> Review:
    """Raises NotFound."""
    if review_id not in state.reviews:
        raise NotFound("review", review_id)
    return state.reviews[review_id]


def find_all(state: ReviewState, review_ids: list[str]) -> list[Review]:
    """Find the reviews of ``review_ids``, which were all opened, in order. Raises NotInMemory with those that are archived."""
    archived = [review_id for review_id in review_ids if review_id not in state.reviews]
    if archived:
        raise NotInMemory(archived)
    return [state.reviews[review_id] for review_id in review_ids]


def case_of(review_id: str) -> str:
    """Return the id of the case that the review is about."""
    return review_id.rpartition("-")[0]


def holding(state: ReviewState, review_id: str, lease: int, reviewer: str) -> Review:
    """Return the review that ``reviewer`` holds under ``lease``. Raises NotFound, AlreadyDecided or StaleLease."""
    review = find(state, review_id)
    if review.outcome is not None:
        raise AlreadyDecided(review_id, review.outcome.reviewer, review.outcome.decided_at)
    held = review.lease
    if held is None or held.id != lease or held.reviewer != reviewer:
        raise StaleLease(review_id, lease, held.reviewer if held else None)
    return review
