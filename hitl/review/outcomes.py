"""The outcomes of a case, first one first: the model's where it decided, then what people made of it."""

from typing import Any

from hitl.canonical import JsonObject
from hitl.review.state import Review, ReviewState, review_id_of

Record = dict[str, Any]


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
    where nobody gave one."""
    steps = (step for review in reversed(reviews) for step in reversed(review.history) if "value" in step)
    found: JsonObject | None = next((step["value"] for step in steps if step.get("answer", step["label"]) == label), None)
    return found


def current(state: ReviewState, case_id: str) -> Record | None:
    """Return the outcome that stands, or None while there is none."""
    return next(reversed(outcomes_of(state, case_id)), None)
