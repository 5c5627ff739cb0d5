"""What evaluation and training read of the decided reviews: settled labels with everything that they are weighed by."""

from typing import Any

from hitl.review import questions as q
from hitl.review.show import show
from hitl.review.state import Label, Review, ReviewState

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
    "answers",
)


def labelled(state: ReviewState, question: q.Labelled) -> dict[str, Any]:
    """The page of settled answers behind the question's cursor."""
    after = max(0, question.after)
    page = state.labels.get(question.task, [])[after : after + max(0, question.limit)]
    return {"labelled": [_row(state.reviews[label.review_id], label) for label in page], "next": after + len(page)}


def example(review: Review) -> dict[str, Any]:
    """What training reads of a decided review: its label as it stands now."""
    shown = show(review)
    names = ("label", "reviewer", "confidence", "decided_at", "agrees_with_model")
    return {
        **{name: shown[name] for name in ("case_id", "review_id", "position", "prediction", "purpose", "streams")},
        **{name: shown["outcome"][name] for name in names},
    }


def _row(review: Review, label: Label) -> dict[str, Any]:
    shown = show(review)
    return {
        **{name: shown[name] for name in _OF_REVIEW},
        "label": label.label,
        "reviewers": list(label.reviewers),
        "reviewer": label.reviewers[-1],
        "at": label.at,
        "amends": label.amends,
    }
