"""The outcomes of a case, first one first: the model's where it decided, then what people made of it."""

from collections.abc import Iterator
from typing import Any

from hitl.canonical import JsonObject
from hitl.review.answer_events import DecisionUndone, ReviewAnswered, ReviewDecided
from hitl.review.state import Review, ReviewState, review_id_of

Record = dict[str, Any]

ANSWERS = frozenset({ReviewAnswered.__name__, ReviewDecided.__name__})
"""Steps of a history, by their names."""


def reviews_of(state: ReviewState, case_id: str) -> list[Review]:
    """Return the case's reviews, oldest first; none where it was never opened."""
    found: list[Review] = []
    while (review := state.reviews.get(review_id_of(case_id, len(found) + 1))) is not None:
        found.append(review)
    return found


def outcomes_of(state: ReviewState, case_id: str) -> list[Record]:
    """Every outcome that the case has had, each with ``label`` and ``by``; the last one stands."""
    reviews = reviews_of(state, case_id)
    model: list[Record] = [{"label": reviews[0].prediction, "by": "model"}] if reviews and reviews[0].is_automatic else []
    return model + sorted((each for review in reviews for each in review.outcomes), key=lambda each: float(each["at"]))


def value_with(reviews: list[Review], label: str) -> JsonObject | None:
    """Return the value that somebody who answered ``label`` gave last: the one that it stands for, or what they added to it. None
    where nobody gave one. An answer that was undone gave none."""
    steps = (step for review in reversed(reviews) for step in _standing_answers(review))
    said = (step for step in steps if "value" in step and step.get("answer", step["label"]) == label)
    found: JsonObject | None = next((step["value"] for step in said), None)
    return found


def _standing_answers(review: Review) -> Iterator[Record]:
    """Yield the answers in the history, newest first, without those that were taken back."""
    undone = 0
    for step in reversed(review.history):
        if step["type"] == DecisionUndone.__name__:
            undone += 1
        elif step["type"] == ReviewDecided.__name__ and undone:
            undone -= 1
        elif step["type"] in ANSWERS:
            yield step


def current(state: ReviewState, case_id: str) -> Record | None:
    """Return the outcome that stands, or None while there is none."""
    return next(reversed(outcomes_of(state, case_id)), None)
