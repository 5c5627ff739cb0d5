"""When reviews came to a queue and were answered there, for the rates of hitl.review.pace; in place."""

from hitl.review.pace import Pace
from hitl.review.state import Review, ReviewState


def note_arrival(state: ReviewState, review: Review, at: float) -> None:
    """The review came to its queue at ``at`` (UTC seconds)."""
    _pace(state, review).arrivals.append(at)


def note_answer(state: ReviewState, review: Review, at: float) -> None:
    """The holder of the review answered at ``at`` (UTC seconds)."""
    pace = _pace(state, review)
    pace.answers.append(at)
    if review.lease is not None:
        pace.handling_s.append(max(0.0, at - review.lease.granted_at))


def _pace(state: ReviewState, review: Review) -> Pace:
    pace = state.paces.get(review.queue)
    if pace is None:
        pace = state.paces[review.queue] = Pace()
    return pace
