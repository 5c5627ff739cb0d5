"""The cases that people look at again: until they have, nobody can say that the label which stands is right."""

from hitl.review import questions as q
from hitl.review import views
from hitl.review.state import Purpose, Review, ReviewState, ReviewStatus


def note_reopened(state: ReviewState, review: Review) -> None:
    """Note, in place, that the case of ``review`` is open again, or that it no longer is. Tests of people change no case.

    A withdrawn review leaves it open: nobody looked, and nobody can any more."""
    if review.reopens is None or review.purpose == Purpose.KNOWN:
        return
    if review.status is ReviewStatus.DECIDED:
        state.reopened.get(review.task, {}).pop(review.case_id, None)
    else:
        state.reopened.setdefault(review.task, {})[review.case_id] = None


def reopened_cases(state: ReviewState, question: q.ReopenedCases) -> views.OpenAgain:
    """Return the cases of the question's task that are open again."""
    return views.OpenAgain(list(state.reopened.get(question.task, ())))
