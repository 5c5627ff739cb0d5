"""The events of reviews. The journal keeps them as plain JSON, which docs/journal.md describes field by field."""

from typing import TypeAlias

from hitl.machine.events import EventCodec
from hitl.review.answer_events import (
    DecisionFinal,
    DecisionSuperseded,
    DecisionUndone,
    KnownAnswered,
    ReviewAnswered,
    ReviewDecided,
)
from hitl.review.handling_events import (
    DraftSaved,
    LeaseExpired,
    ReviewAssigned,
    ReviewDelegated,
    ReviewDueSoon,
    ReviewEscalated,
    ReviewFailed,
    ReviewLeased,
    ReviewOverdue,
    ReviewQuarantined,
    ReviewReleased,
    ReviewRequeued,
    ReviewSentBack,
    ReviewSkipped,
    ReviewWithdrawn,
)
from hitl.review.opening_events import KnownAsked, ReviewOpened, ReviewsOrdered
from hitl.review.storage_events import CasesArchived, CasesDeleted, ReviewArchived, ReviewRecalled, ReviewRowsArchived

OpeningEvent: TypeAlias = ReviewOpened | KnownAsked
AnswerEvent: TypeAlias = ReviewAnswered | ReviewDecided | KnownAnswered
StorageEvent: TypeAlias = ReviewArchived | ReviewRecalled | ReviewRowsArchived | CasesArchived | CasesDeleted
ChangeEvent: TypeAlias = (
    AnswerEvent
    | DecisionUndone
    | DecisionFinal
    | DecisionSuperseded
    | ReviewLeased
    | LeaseExpired
    | ReviewReleased
    | ReviewEscalated
    | ReviewSkipped
    | ReviewDelegated
    | ReviewSentBack
    | ReviewFailed
    | ReviewQuarantined
    | ReviewRequeued
    | ReviewWithdrawn
    | ReviewAssigned
    | ReviewDueSoon
    | ReviewOverdue
    | DraftSaved
)
"""Those of a review that is open, or decided, and in memory."""

ReviewEvent: TypeAlias = OpeningEvent | ChangeEvent | ReviewsOrdered | StorageEvent

EVENTS: EventCodec[ReviewEvent] = EventCodec(ReviewEvent)
