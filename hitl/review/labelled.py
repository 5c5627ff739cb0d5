"""What evaluation and training read of the decided reviews: settled labels with everything that they are weighed by."""

from typing import Any

from hitl.review import questions as q
from hitl.review.find import find_all
from hitl.review.show import show
from hitl.review.state import Label, Review, ReviewState

ENDS_A_LEASE = frozenset({"LeaseExpired", "ReviewReleased", "ReviewEscalated", "ReviewAnswered", "ReviewDecided"})
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
    "answers",
)


def labelled(state: ReviewState, question: q.Labelled) -> dict[str, Any]:
    """The page of settled answers behind the question's cursor."""
    after = max(0, question.after)
    page = state.labels.get(question.task, [])[after : after + max(0, question.limit)]
    reviews = find_all(state, [label.review_id for label in page])
    return {"labelled": [_row(*pair) for pair in zip(reviews, page, strict=True)], "next": after + len(page)}


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
        "held_s": held_s(review),
        "posterior": posterior_of(review),
    }


def held_s(review: Review) -> float:
    """How long people held it, over all of its leases, in seconds."""
    total, granted_at = 0.0, None
    for step in review.history:
        if step["type"] in ("ReviewLeased", "DecisionUndone"):
            granted_at = step["at"]
        elif step["type"] in ENDS_A_LEASE and granted_at is not None:
            total, granted_at = total + step["at"] - granted_at, None
    return total


def posterior_of(review: Review) -> dict[str, float] | None:
    """The probability of each label by the consensus that settled the review; None where no consensus did."""
    decided = [step for step in review.history if step["type"] == "ReviewDecided"]
    found: dict[str, float] | None = decided[-1].get("posterior") if decided else None
    return found


def known_answers(state: ReviewState, question: q.KnownAnswers) -> dict[str, Any]:
    """The page of answers to what was known, behind the question's cursor."""
    after = max(0, question.after)
    page = state.known_answers.get(question.task, [])[after : after + max(0, question.limit)]
    return {"answers": [_known_row(review) for review in find_all(state, page)], "next": after + len(page)}


def _known_row(review: Review) -> dict[str, Any]:
    assert review.known is not None, "only what is known is asked so"
    said = {name: review.answers[-1][name] for name in ("reviewer", "is_expert", "label", "at")}
    known = {"truth": review.known["label"], **{name: review.known[name] for name in ("suggested", "probability")}}
    return {"case_id": review.case_id, "review_id": review.review_id, **said, **known}
