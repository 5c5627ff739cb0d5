"""In which order the reviews of one priority are handed out: by age, or first what teaches the model the most.

Each review has a time, its turn, and the earliest turn is next. By age that is when it was opened. By ``hybrid`` an ordinary
review waits up to the window W longer, by how little its answer would teach: ``turn = opened + W (1 - informativeness)``. This is
earliest deadline first (Liu and Layland, 1973) with a deadline that tells what the answer is worth. So

- a review is overtaken only by those that were opened within W after it, however little it teaches, and W ends before the
  warning of its own deadline;
- a blind check has the turn of its opening: whatever is handed out before it was opened before it, as by age, so that no
  check waits longer for an answer than it would have. The same holds for what is asked again, and for what no model has seen.

What is known of a review is in its events, with the turn: a replay reads no model, no clock and no terms.
"""

from collections.abc import Iterable, Sequence

from msgspec import UNSET, UnsetType

from hitl.errors import InvalidInput
from hitl.machine.machine import Outcome
from hitl.review import questions as q
from hitl.review.commands import OrderReviews
from hitl.review.opening_events import ReviewOpened, ReviewsOrdered
from hitl.review.queues import expert_queue
from hitl.review.state import Purpose, Review, ReviewState, ReviewStatus
from hitl.review.terms import QueueTerms
from hitl.review.views import OrderableReviews, OrderedReviews


def informativeness(probabilities: Sequence[float] | None) -> float:
    """How much an answer would teach, in [0, 1]: one minus the lead of the best label over the second best (margin sampling,
    Scheffer et al., 2001). 1 where no model has said anything.

    >>> informativeness([0.6, 0.4, 0.0]), informativeness(None)
    (0.8, 1.0)
    """
    if probabilities is None or len(probabilities) < 2:
        return 1.0
    second, best = sorted(probabilities)[-2:]
    return round(min(1.0, max(0.0, 1.0 - (best - second))), 6)


def first_turn(state: ReviewState, event: ReviewOpened, terms: QueueTerms) -> float | UnsetType:
    """Return the turn of a review that is opened (UTC seconds). Unset where its queue goes by age and always did: its turn is
    then its place in the intake."""
    is_hybrid = terms.of(event.task).order == "hybrid"
    if not is_hybrid and event.task not in state.ordered_by:
        return UNSET
    if not is_hybrid or event.purpose is not Purpose.REVIEW or event.queue == expert_queue(event.task):
        return event.opened_at
    return _turn(event.opened_at, event.due_at, informativeness(event.probabilities), terms.of(event.task).overtaken_share)


def order_reviews(state: ReviewState, command: OrderReviews, terms: QueueTerms) -> Outcome:
    """Give waiting reviews a new turn. Those that somebody holds or has answered meanwhile, or that are not ordinary ones, are
    left as they are, and so are all of a task that goes by age. Raises InvalidInput."""
    worth = dict(command.informativeness)
    if not all(0 <= each <= 1 for each in worth.values()):
        raise InvalidInput("/informativeness", "numbers in [0, 1]")
    mine = terms.of(command.task)
    if mine.order != "hybrid":
        return Outcome([], OrderedReviews(0))
    turns = {
        review.review_id: _turn(review.opened_at, review.due_at, worth[review.review_id], mine.overtaken_share)
        for review in orderable(state, command.task)
        if review.review_id in worth
    }
    return Outcome(
        [ReviewsOrdered(task=command.task, model_version=command.model_version, turns=turns)], OrderedReviews(len(turns))
    )


def reorder(state: ReviewState, event: ReviewsOrdered) -> None:
    """Let the reviews wait for their new turns, in place."""
    state.ordered_by[event.task] = event.model_version
    for review_id, turn_at in event.turns.items():
        review = state.reviews[review_id]
        review.turn_at = turn_at
        state.queues.move(review_id, review.position, review.place, review.turn)


def orderable_reviews(state: ReviewState, question: q.Orderable) -> OrderableReviews:
    """Return the waiting reviews whose order may change, in the order of claims, and by which model they were ordered."""
    ordered_by = state.ordered_by.get(question.task) or None
    if ordered_by is not None and ordered_by == question.unless:
        return OrderableReviews(ordered_by, [])
    found = sorted(orderable(state, question.task), key=lambda review: (review.turn, review.review_id))
    return OrderableReviews(ordered_by, [review.review_id for review in found[: question.limit]])


def orderable(state: ReviewState, task: str) -> Iterable[Review]:
    """Yield the ordinary reviews that wait in the task's own queue and have a turn to change: no blind check, nothing that is
    asked again, and nothing that was opened while the queue went by age."""
    for review_id in state.queues.waiting_in(task):
        review = state.reviews[review_id]
        is_ordinary = review.purpose == Purpose.REVIEW and review.reopens is None and review.turn_at is not None
        if is_ordinary and review.status is ReviewStatus.WAITING:
            yield review


def _turn(opened_at: float, due_at: float, worth: float, share: float) -> float:
    return opened_at + share * (due_at - opened_at) * (1.0 - worth)
