"""What is known of how each person answers: pure state, rebuilt by every replay from the answers themselves.

The truth of a review is known where several people answered it, or an expert did: what it was settled to.
"""

from collections import deque

from hitl.review.agreement import Known
from hitl.review.state import Purpose, Review, ReviewState

MOST_LESSONS = 400
"""Of one person and task: two half-lives of what is remembered."""


def learn(state: ReviewState, review: Review) -> None:
    """Adds a settled review's answers, in place; one that a single person settled teaches nothing."""
    if review.outcome is None or len(review.answers) < 2:
        return
    people = state.lessons.setdefault(review.task, {})
    for answer in review.answers:
        if not answer["is_expert"]:
            lessons = people.setdefault(answer["reviewer"], deque(maxlen=MOST_LESSONS))
            lessons.append((review.outcome.label, answer["label"]))


def learn_known(state: ReviewState, review: Review) -> None:
    """Adds the answer to a review whose answer was known, in place."""
    answer = review.answers[-1]
    if review.known is not None and not answer["is_expert"]:
        people = state.lessons.setdefault(review.task, {})
        people.setdefault(answer["reviewer"], deque(maxlen=MOST_LESSONS)).append((review.known["label"], answer["label"]))


def known_of(state: ReviewState, review: Review, labels: list[str]) -> Known:
    """What consensus weighs the answers to ``review`` by. The model counts as one more opinion only where people answer
    without seeing it, and never in a check of itself."""
    is_independent = review.blind and review.purpose == Purpose.REVIEW
    lessons = {name: list(each) for name, each in state.lessons.get(review.task, {}).items()}
    return Known(labels, lessons, review.probabilities if is_independent else None)
