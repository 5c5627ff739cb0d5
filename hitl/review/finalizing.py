"""What a final decision leaves behind: the label, what is learnt of it, the outcome of its case, and the counters."""

from typing import Any

from hitl.review.answer_events import DecisionSuperseded
from hitl.review.experience import learn
from hitl.review.known import keep_known_item
from hitl.review.state import COUNTERS, Label, Review, ReviewState


def make_final(state: ReviewState, review: Review, label: str, is_outcome: bool, at: float) -> None:
    """The decision counts from ``at`` on (UTC seconds). ``is_outcome``: ``label`` is the first outcome of the case."""
    outcome = review.outcome
    assert outcome is not None, "only what is decided becomes final"
    state.examples.setdefault(review.task, []).append(review.review_id)
    _label(state, review, at, amends=False)
    learn(state, review)
    keep_known_item(state, review)
    if is_outcome:
        review.outcomes.append(_record(label, outcome.reviewers, "", at))
    if outcome.agrees_with_model:
        count(state, review.task, "agreed")
    if outcome.decided_at <= review.due_at:
        count(state, review.task, "in_time")


def supersede(state: ReviewState, review: Review, event: DecisionSuperseded, at: float) -> None:
    """The case's outcome is another from now on; where a person amends this review, its label and what is learnt of it too."""
    review.outcomes.append(_record(event.to, [event.by], event.reason, at))
    outcome = review.outcome
    if outcome is None or outcome.label == event.to:
        return
    agrees = None if review.prediction is None else event.to == review.prediction
    count(state, review.task, "agreed", (agrees is True) - (outcome.agrees_with_model is True))
    outcome.label, outcome.reviewer, outcome.agrees_with_model = event.to, event.by, agrees
    outcome.reviewers = [event.by]
    _label(state, review, at, amends=True)


def _label(state: ReviewState, review: Review, at: float, amends: bool) -> None:
    assert review.outcome is not None, "only what is decided has a label"
    label = Label(review.review_id, review.outcome.label, tuple(review.outcome.reviewers), at, amends)
    state.labels.setdefault(review.task, []).append(label)


def _record(label: str, reviewers: list[str], reason: str, at: float) -> dict[str, Any]:
    return {"label": label, "by": "person", "reviewers": list(reviewers), "reason": reason, "at": at}


def count(state: ReviewState, task: str, counter: str, by: int = 1) -> None:
    if task not in state.counters:
        state.counters[task] = dict.fromkeys(COUNTERS, 0)
    state.counters[task][counter] += by
