"""What evaluation and training read of the decided reviews: settled labels with everything that they are weighed by."""

from collections.abc import Callable
from typing import Any

from hitl.review import questions as q
from hitl.review import views
from hitl.review.answer_events import DecisionUndone, ReviewAnswered, ReviewDecided
from hitl.review.find import case_of, find_all
from hitl.review.handling_events import LeaseExpired, ReviewEscalated, ReviewLeased, ReviewReleased
from hitl.review.outcomes import value_with
from hitl.review.row_lists import ListName, ReadState, rows_after
from hitl.review.show import answers_of
from hitl.review.state import Label, Review, ReviewState

GRANTS_A_LEASE = frozenset(kind.__name__ for kind in (ReviewLeased, DecisionUndone))
ENDS_A_LEASE = frozenset(kind.__name__ for kind in (LeaseExpired, ReviewReleased, ReviewEscalated, ReviewAnswered, ReviewDecided))
"""Steps of a history, by their names."""

_OF_REVIEW = (
    "case_id",
    "review_id",
    "purpose",
    "blind",
    "streams",
    "prediction",
    "probabilities",
    "confidence",
    "segment",
    "model_version",
    "policy_version",
    "gold_probability",
    "audit_probability",
    "is_automatic",
    "rules",
    "opened_at",
    "priority",
    "due_at",
    "automatic_parts",
)


def labelled(state: ReviewState, question: q.SettledLabels) -> views.LabelledPage:
    """The page of settled answers behind the question's cursor."""
    page, after = _page(state, "labels", question, lambda label: str(label.review_id))
    reviews = find_all(state, [label.review_id for label in page])
    return views.LabelledPage([_row(*pair) for pair in zip(reviews, page, strict=True)], after)


def examples(state: ReviewState, question: q.Examples) -> views.ExamplesPage:
    """Return the page of decided reviews behind the question's cursor."""
    page, after = _page(state, "examples", question, str)
    return views.ExamplesPage([_example(review) for review in find_all(state, page)], after)


def _page(
    state: ReviewState,
    name: ListName,
    question: q.SettledLabels | q.Examples | q.KnownAnswers,
    review_id_of: Callable[[Any], str],
) -> tuple[list[Any], int]:
    """Return the question's page without rows of deleted cases, and the cursor behind it: a page that is not full is the last
    one. Raises NotInMemory."""
    gone = state.gone if isinstance(state, ReadState) else set[str]()

    def is_there(row: Any) -> bool:
        review_id = review_id_of(row)
        return bool(review_id) and case_of(review_id) not in gone

    return rows_after(state, name, question.task, question.after, question.limit, is_there)


def _example(review: Review) -> views.DecidedExample:
    """Return what training reads of a decided review: its label as it stands now."""
    assert review.outcome is not None, "only what is decided is an example"
    return views.DecidedExample(
        case_id=review.case_id,
        review_id=review.review_id,
        position=review.position,
        prediction=review.prediction,
        purpose=review.purpose,
        streams=review.streams,
        label=review.outcome.label,
        reviewer=review.outcome.reviewer,
        confidence=review.outcome.confidence,
        decided_at=review.outcome.decided_at,
        agrees_with_model=review.outcome.agrees_with_model,
        value=value_with([review], review.outcome.label),
    )


def _row(review: Review, label: Label) -> views.LabelledRow:
    return views.LabelledRow(
        **{name: getattr(review, name) for name in _OF_REVIEW},
        answers=answers_of(review),
        label=label.label,
        reviewers=list(label.reviewers),
        reviewer=label.reviewers[-1],
        at=label.at,
        amends=label.amends,
        held_s=held_s(review),
        posterior=posterior_of(review),
    )


def held_s(review: Review) -> float:
    """Return how long people held it, over all of its leases, in seconds."""
    total, granted_at = 0.0, None
    for step in review.history:
        if step["type"] in GRANTS_A_LEASE:
            granted_at = step["at"]
        elif step["type"] in ENDS_A_LEASE and granted_at is not None:
            total, granted_at = total + step["at"] - granted_at, None
    return total


def posterior_of(review: Review) -> dict[str, float] | None:
    """Return the probability of each label by the consensus that settled the review; None where no consensus did."""
    decided = [step for step in review.history if step["type"] == ReviewDecided.__name__]
    found: dict[str, float] | None = decided[-1].get("posterior") if decided else None
    return found


def known_answers(state: ReviewState, question: q.KnownAnswers) -> views.KnownAnswersPage:
    """The page of answers to what was known, behind the question's cursor."""
    page, after = _page(state, "known_answers", question, str)
    return views.KnownAnswersPage([_known_row(review) for review in find_all(state, page)], after)


def _known_row(review: Review) -> views.KnownAnswerRow:
    assert review.known is not None, "only what is known is asked so"
    said, known = answers_of(review)[-1], views.KnownItem(**review.known)
    return views.KnownAnswerRow(
        case_id=review.case_id,
        review_id=review.review_id,
        reviewer=said.reviewer,
        is_expert=said.is_expert,
        label=said.label,
        truth=known.label,
        suggested=known.suggested,
        probability=known.probability,
        at=said.at,
    )
