"""How a review begins: for a case that the intake holds, or to take a decided one up again."""

from msgspec import UNSET
from msgspec.structs import replace

from hitl.errors import InvalidInput, NotReopenable, SequenceConflict
from hitl.intake.record import CaseRecord
from hitl.machine.machine import Outcome
from hitl.review.assigning import check_target
from hitl.review.commands import OpenReview, Reopen
from hitl.review.event_sources import case_fields
from hitl.review.experience import first_asked
from hitl.review.find import find
from hitl.review.known import asked_beside, reviewers_of_case
from hitl.review.opening_events import ReviewOpened
from hitl.review.ordering import first_turn
from hitl.review.outcomes import reviews_of
from hitl.review.queues import expert_queue
from hitl.review.state import Purpose, Review, ReviewState, ReviewStatus, review_id_of
from hitl.review.terms import Opening, QueueTerms
from hitl.review.views import OpenedReview, ReopenedReview
from hitl.routing.action import Action, Priority
from hitl.routing.coin import SampleStream
from hitl.text_limits import check_text


def open_review(state: ReviewState, command: OpenReview, now: float, terms: QueueTerms) -> Outcome:
    """Raises InvalidInput for a case that nobody looks at, SequenceConflict when the one before it is not open."""
    record = command.record
    review_id = review_id_of(record.case_id)
    if review_id in state.reviews or command.position <= state.archived_to:  # cases are opened in the order of the intake
        return Outcome([], OpenedReview(review_id))
    if not record.is_for_people:
        raise InvalidInput("/action", "a case that people decide or check")
    if command.after is not None and command.after > state.cursor:
        raise SequenceConflict("review", command.after, state.cursor)
    event = _opened(record, command.position, terms.opening(record.task, record.segment, now))
    event = replace(event, turn_at=first_turn(state, event, terms))
    consensus = terms.of(record.task).consensus
    if consensus is not None and consensus.first == "likely_right" and event.purpose is Purpose.REVIEW:
        event = replace(event, preferred=first_asked(state, record, terms.labels(record.task, record.generation), now))
    return Outcome(asked_beside(state, record, event, terms, now), OpenedReview(review_id))


def reopen(state: ReviewState, command: Reopen, now: float, terms: QueueTerms) -> Outcome:
    """Raises NotFound, InvalidInput, NotReopenable."""
    review = find(state, command.review_id)
    check_text("/reason", command.reason)
    check_target(command.to)
    reviews = reviews_of(state, review.case_id)
    number = len(reviews) + 1
    newest = [each for each in reviews if each.purpose != Purpose.KNOWN][-1]
    if review.status is not ReviewStatus.DECIDED or review is not newest:
        raise NotReopenable(review.review_id, review.status.value)
    review_id = review_id_of(review.case_id, number)
    barred = reviewers_of_case(state, review.case_id) if command.is_blind else []
    event = _reopened(review, review_id, command, terms.opening(review.task, review.segment, now), barred)
    told = ReopenedReview(
        case_id=event.case_id,
        review_id=event.review_id,
        queue=event.queue,
        priority=event.priority,
        assigned=event.assigned,
        reopens=review.review_id,
    )
    return Outcome([event], told)


def purpose_of(record: CaseRecord) -> Purpose:
    """A case of both streams is gold: that stream is drawn of all traffic. An audit is of what the model decided, the case or
    parts of it."""
    if SampleStream.GOLD in record.streams:
        return Purpose.GOLD
    is_audit = record.action == Action.AUTOMATIC or SampleStream.AUDIT in record.streams
    return Purpose.AUDIT if is_audit else Purpose.REVIEW


def _opened(record: CaseRecord, position: int, opening: Opening) -> ReviewOpened:
    purpose, is_for_experts = purpose_of(record), record.action == Action.EXPERT
    return ReviewOpened(
        **case_fields(record),
        review_id=review_id_of(record.case_id),
        queue=expert_queue(record.task) if is_for_experts else record.task,
        priority=Priority(record.priority or Priority.NORMAL),
        position=position,
        opened_at=opening.at,
        warn_at=opening.warn_at,
        due_at=opening.due_at,
        purpose=purpose,
        blind=opening.blind or purpose is not Purpose.REVIEW,
        is_automatic=record.action == Action.AUTOMATIC,
        assigned=None if is_for_experts else opening.assigned,
        automatic_parts=record.automatic_parts or UNSET,
    )


def _reopened(review: Review, review_id: str, command: Reopen, opening: Opening, barred: list[str]) -> ReviewOpened:
    """Return a new review of the same case: what is decided stays as it is."""
    return ReviewOpened(
        **case_fields(review),
        review_id=review_id,
        queue=expert_queue(review.task) if command.to_experts else review.task,
        priority=Priority.NORMAL if command.is_blind else Priority.HIGH,
        position=review.position,
        opened_at=opening.at,
        warn_at=opening.warn_at,
        due_at=opening.due_at,
        blind=opening.blind or command.is_blind,
        is_automatic=review.is_automatic,
        assigned=command.to,
        reopens=review.review_id,
        escalation=command.reason or None,
        barred=barred,
        automatic_parts=review.automatic_parts or UNSET,
    )
