"""How a review begins: for a case that the intake holds, or to take a decided one up again."""

from hitl.errors import InvalidInput, NotReopenable, SequenceConflict
from hitl.machine.machine import Outcome
from hitl.review import events
from hitl.review.assigning import check_target
from hitl.review.commands import OpenReview, Reopen
from hitl.review.find import find
from hitl.review.known import asked_beside, people_of_case
from hitl.review.outcomes import reviews_of
from hitl.review.state import Purpose, ReviewState, Status, review_id_of
from hitl.review.terms import Terms
from hitl.review.views import OpenedReview, ReopenedReview
from hitl.routing.route import Priority
from hitl.text_limits import check_text


def open_review(state: ReviewState, command: OpenReview, now: float, terms: Terms) -> Outcome:
    """Raises InvalidInput for a case that nobody looks at, SequenceConflict when the one before it is not open."""
    record = command.record
    review_id = review_id_of(record.case_id)
    if review_id in state.reviews or command.position <= state.archived_to:  # cases are opened in the order of the intake
        return Outcome([], OpenedReview(review_id))
    if not record.is_for_people:
        raise InvalidInput("/action", "a case that people decide or check")
    if command.after is not None and command.after > state.cursor:
        raise SequenceConflict("review", command.after, state.cursor)
    event = events.opened(record, command.position, terms.opening(record.task, record.segment, now))
    return Outcome(asked_beside(state, record, event, terms, now), OpenedReview(review_id))


def reopen(state: ReviewState, command: Reopen, now: float, terms: Terms) -> Outcome:
    """Raises NotFound, InvalidInput, NotReopenable."""
    review = find(state, command.review_id)
    check_text("/reason", command.reason)
    check_target(command.to)
    reviews = reviews_of(state, review.case_id)
    number = len(reviews) + 1
    newest = [each for each in reviews if each.purpose != Purpose.KNOWN][-1]
    if review.status is not Status.DECIDED or review is not newest:
        raise NotReopenable(review.review_id, review.status.value)
    review_id = review_id_of(review.case_id, number)
    barred = people_of_case(state, review.case_id) if command.is_blind else []
    event = events.reopened(review, review_id, command, terms.opening(review.task, review.segment, now), barred)
    names = ("case_id", "review_id", "queue", "assigned", "reopens")
    told = ReopenedReview(**{name: event[name] for name in names}, priority=Priority(event["priority"]))
    return Outcome([event], told)
