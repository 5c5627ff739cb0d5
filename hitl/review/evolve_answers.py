"""How an answer changes its review: it is kept, and may end the review; in place."""

from msgspec import UNSET

from hitl.review.answer_events import DecisionUndone, KnownAnswered, ReviewAnswered, ReviewDecided, kept_answer
from hitl.review.events import AnswerEvent
from hitl.review.experience import learn_known
from hitl.review.finalizing import count, make_final
from hitl.review.known import return_known_item
from hitl.review.leasing import free, give_back, grant
from hitl.review.pacing import note_answer
from hitl.review.state import Review, ReviewOutcome, ReviewState, ReviewStatus


def record_answer(state: ReviewState, review: Review, event: ReviewAnswered, at: float) -> None:
    """Record an answer that does not end the review, and give the review back to the queue for another person."""
    note_answer(state, review, at)
    _take_answer(review, event, at)
    review.preferred = None if event.preferred is UNSET else event.preferred
    give_back(state, review, event)


def record_decision(state: ReviewState, review: Review, event: ReviewDecided, at: float) -> None:
    """Record the answer that ends the review, and its outcome."""
    _end(state, review, event, at)
    reviewers = [event.reviewer] if event.reviewers is UNSET else event.reviewers
    review.outcome = _outcome(event, reviewers, at, at if event.final_at is UNSET else event.final_at)
    if event.final_at is UNSET:  # written before decisions had a window: final at once
        review.status = ReviewStatus.DECIDED
        make_final(state, review, event.label, True, at)
        count(state, review.task, "decided")


def record_known_answer(state: ReviewState, review: Review, event: KnownAnswered, at: float) -> None:
    """Record the answer to a known item: it ends the review, and measures the reviewer alone."""
    _end(state, review, event, at)
    review.outcome = _outcome(event, [event.reviewer], at, at)
    state.known_answers.setdefault(review.task, []).append(review.review_id)
    learn_known(state, review)
    return_known_item(state, review)


def undo_decision(state: ReviewState, review: Review, event: DecisionUndone, at: float) -> None:
    """Take back the last answer; its reviewer holds the review again."""
    review.outcome = None
    review.answers.pop()
    grant(state, review, event, at)


def _end(state: ReviewState, review: Review, event: ReviewDecided | KnownAnswered, at: float) -> None:
    note_answer(state, review, at)
    free(state, review)
    _take_answer(review, event, at)


def _take_answer(review: Review, event: AnswerEvent, at: float) -> None:
    review.answers.append(kept_answer(event, at))
    review.drafts.pop(event.reviewer, None)


def _outcome(event: ReviewDecided | KnownAnswered, reviewers: list[str], at: float, final_at: float) -> ReviewOutcome:
    return ReviewOutcome(
        label=event.label,
        reviewer=event.reviewer,
        confidence=event.confidence,
        comment=event.comment,
        decided_at=at,
        agrees_with_model=event.agrees_with_model,
        reviewers=reviewers,
        final_at=final_at,
    )
