"""The reviews of one shard as a machine that the actor shell can run."""

from collections.abc import Iterable, Mapping
from typing import Any

from hitl.machine.machine import Alarm, AlarmOver, Outcome
from hitl.review.answer_events import DecisionUndone, ReviewDecided
from hitl.review.commands import Command, ExpireLease, MakeFinal, MarkOverdue, WarnDueSoon
from hitl.review.decide import decide
from hitl.review.events import EVENTS, ReviewEvent
from hitl.review.evolve import evolve
from hitl.review.handling_events import ReviewLeased, ReviewRequeued
from hitl.review.opening_events import ReviewOpened, ReviewsOrdered
from hitl.review.queries import Question, answer
from hitl.review.show import show
from hitl.review.state import Review, ReviewState, ReviewStatus, due_key, final_key, lease_key, warn_key
from hitl.review.storage_events import CasesArchived, CasesDeleted, ReviewArchived, ReviewRowsArchived
from hitl.review.terms import QueueTerms
from hitl.tasks.spec import TaskSpec


class ReviewMachine:
    """``tasks`` and ``default_timeout_s`` are read by decisions alone: a change of configuration changes no history."""

    name = "review"
    events = EVENTS

    def __init__(self, tasks: Mapping[str, TaskSpec], default_timeout_s: float) -> None:
        self._terms = QueueTerms(tasks, default_timeout_s)

    def initial(self) -> ReviewState:
        return ReviewState()

    def decide(self, state: ReviewState, command: Command, now: float) -> Outcome:
        return decide(state, command, now, self._terms)

    def evolve(self, state: ReviewState, event: ReviewEvent, at: float) -> None:
        evolve(state, event, at)

    def alarms(self, state: ReviewState, event: ReviewEvent) -> Iterable[Alarm | AlarmOver]:
        if isinstance(event, ReviewArchived | ReviewRowsArchived | CasesArchived | CasesDeleted | ReviewsOrdered):
            return ()
        review = state.reviews[event.review_id]
        match event:
            case ReviewOpened() | ReviewRequeued():
                return (*_warning(review), *_deadline(review))
            case ReviewLeased():
                return _lease_end(review)
            case ReviewDecided():
                return (*_over(review), *_window_end(review))
            case DecisionUndone():
                return (*_lease_end(review), *_warning(review), *_deadline(review))
        return _over(review)

    def standing_alarms(self, state: ReviewState) -> Iterable[Alarm]:
        for review in state.reviews.values():
            yield from (*_lease_end(review), *_warning(review), *_deadline(review), *_window_end(review))

    def plain(self, state: ReviewState) -> dict[str, Any]:
        queues: dict[str, dict[str, list[str]]] = {}
        for (queue, priority), waiting in state.queues.in_order():
            queues.setdefault(queue, {})[priority.value] = waiting
        return {
            "cursor": state.cursor,
            "last_lease": state.last_lease,
            "reviews": {review_id: show(review) for review_id, review in state.reviews.items()},
            "queues": queues,
            "examples": {task: list(ids) for task, ids in state.examples.items()},
            "held": {reviewer: list(ids) for reviewer, ids in state.held.items()},
            "counters": {task: dict(counters) for task, counters in state.counters.items()},
        }

    def query(self, state: ReviewState, question: Question, now: float) -> Any:
        return answer(state, question, now, self._terms)


SHELVED = (ReviewStatus.QUARANTINED, ReviewStatus.WITHDRAWN)
"""No deadline runs for what nobody can claim."""


def _over(review: Review) -> tuple[AlarmOver, ...]:
    """Nobody need be reminded of what has its answer; undone, its alarms are set again."""
    if review.outcome is None:
        return ()
    return tuple(AlarmOver(key(review.review_id)) for key in (lease_key, warn_key, due_key))


def _deadline(review: Review) -> tuple[Alarm, ...]:
    if review.outcome is not None or review.is_overdue or review.status in SHELVED or review.known:
        return ()  # what is known can wait: no expert is called for it
    return (Alarm(due_key(review.review_id), MarkOverdue(review.review_id), at=review.due_at),)


def _warning(review: Review) -> tuple[Alarm, ...]:
    is_past = review.is_due_soon or review.is_overdue or review.outcome is not None or bool(review.known)
    if review.warn_at is None or is_past or review.status in SHELVED:
        return ()
    return (Alarm(warn_key(review.review_id), WarnDueSoon(review.review_id), at=review.warn_at),)


def _window_end(review: Review) -> tuple[Alarm, ...]:
    if review.outcome is None or review.status is not ReviewStatus.PROVISIONAL:
        return ()
    until = review.outcome.final_at
    return (Alarm(final_key(review.review_id), MakeFinal(review.review_id, until), at=until),)


def _lease_end(review: Review) -> tuple[Alarm, ...]:
    lease = review.lease
    if lease is None:
        return ()
    return (Alarm(lease_key(review.review_id), ExpireLease(review.review_id, lease.id), after_s=lease.lease_s),)
