"""What is known of how each person answers: pure state, rebuilt by every replay from the answers themselves.

The truth of a review is known where several people answered it, or an expert did: what it was settled to.
"""

from collections import deque

from msgspec import UNSET, UnsetType

from hitl.intake.record import CaseRecord
from hitl.quality.expert_validation import is_validated
from hitl.review.agreement import JudgedItem, Known, likely_to_tell
from hitl.review.claiming import PRESENT_S
from hitl.review.state import Purpose, Review, ReviewState
from hitl.tasks.people_terms import ReviewTerms

MOST_LESSONS = 400
"""Of one person and task: two half-lives of what is remembered."""
MOST_JUDGED = 400
"""Items of one task that experts judged, the newest."""


def learn(state: ReviewState, review: Review) -> None:
    """Adds a settled review's answers, in place; one that a single person settled teaches nothing."""
    if review.outcome is None or len(review.answers) < 2:
        return
    if review.answers[-1]["is_expert"]:
        said = [(answer["reviewer"], answer["label"]) for answer in review.answers if not answer["is_expert"]]
        state.judged.setdefault(review.task, deque(maxlen=MOST_JUDGED)).append((review.review_id, review.outcome.label, said))
    people = state.lessons.setdefault(review.task, {})
    for answer in review.answers:
        if not answer["is_expert"]:
            lessons = people.setdefault(answer["reviewer"], deque(maxlen=MOST_LESSONS))
            lessons.append((review.outcome.label, answer["label"]))


def judged_of(state: ReviewState, task: str, terms: ReviewTerms) -> list[JudgedItem]:
    """Return what experts said of items that people answered first, weighted so that they stand for all items: an expert sees
    every item that consensus could not settle, and of the others the share that the terms have confirmed. Other items reached an
    expert because somebody differed, and stand for none."""
    most = terms.consensus.max_answers if terms.consensus is not None else 0
    found = []
    for review_id, truth, said in state.judged.get(task, ()):
        if len(said) >= most:
            found.append(JudgedItem(truth, said, 1.0))
        elif is_validated(review_id, terms.expert_validation):
            found.append(JudgedItem(truth, said, 1 / terms.expert_validation))
    return found


def learn_known(state: ReviewState, review: Review) -> None:
    """Adds the answer to a review whose answer was known, in place."""
    answer = review.answers[-1]
    if review.known is not None and not answer["is_expert"]:
        people = state.lessons.setdefault(review.task, {})
        people.setdefault(answer["reviewer"], deque(maxlen=MOST_LESSONS)).append((review.known["label"], answer["label"]))


def first_asked(state: ReviewState, record: CaseRecord, labels: list[str], now: float) -> str | UnsetType:
    """Return who of those lately at the queue is asked first about a case, because they know what the model takes it for; unset
    where there is no choice. The others may still take it."""
    present = {name for name, at in state.seen.get(record.task, {}).items() if at > now - PRESENT_S}
    lessons = {name: list(each) for name, each in state.lessons.get(record.task, {}).items() if name in present}
    return likely_to_tell(Known(labels, lessons, record.probabilities), sorted(lessons)) or UNSET


def known_of(state: ReviewState, review: Review, labels: list[str], terms: ReviewTerms) -> Known:
    """What consensus weighs the answers to ``review`` by. The model counts as one more opinion only where people answer
    without seeing it, and never in a check of itself."""
    is_independent = review.blind and review.purpose == Purpose.REVIEW
    lessons = {name: list(each) for name, each in state.lessons.get(review.task, {}).items()}
    by_item = terms.consensus is not None and terms.consensus.difficulty == "by_item"
    judged = judged_of(state, review.task, terms) if by_item else []
    return Known(labels, lessons, review.probabilities if is_independent else None, judged)
