"""The table of the moves that a review can make."""

from hitl.review.answer_events import (
    DecisionFinal,
    DecisionSuperseded,
    DecisionUndone,
    KnownAnswered,
    ReviewAnswered,
    ReviewDecided,
)
from hitl.review.event_fields import AboutReview
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
from hitl.review.opening_events import KnownAsked, ReviewOpened
from hitl.review.state import ReviewStatus

MOVES: dict[tuple[ReviewStatus | None, type[AboutReview]], ReviewStatus] = {
    (None, ReviewOpened): ReviewStatus.WAITING,
    (None, KnownAsked): ReviewStatus.WAITING,
    (ReviewStatus.LEASED, KnownAnswered): ReviewStatus.DECIDED,
    (ReviewStatus.WAITING, ReviewLeased): ReviewStatus.LEASED,
    (ReviewStatus.WAITING, ReviewOverdue): ReviewStatus.WAITING,
    (ReviewStatus.LEASED, ReviewOverdue): ReviewStatus.LEASED,
    (ReviewStatus.LEASED, LeaseExpired): ReviewStatus.WAITING,
    (ReviewStatus.LEASED, ReviewReleased): ReviewStatus.WAITING,
    (ReviewStatus.LEASED, ReviewEscalated): ReviewStatus.WAITING,
    (ReviewStatus.LEASED, ReviewSkipped): ReviewStatus.WAITING,
    (ReviewStatus.LEASED, ReviewDelegated): ReviewStatus.WAITING,
    (ReviewStatus.LEASED, ReviewSentBack): ReviewStatus.WAITING,
    (ReviewStatus.LEASED, ReviewFailed): ReviewStatus.WAITING,
    (ReviewStatus.LEASED, DraftSaved): ReviewStatus.LEASED,
    (ReviewStatus.WAITING, ReviewAssigned): ReviewStatus.WAITING,
    (ReviewStatus.LEASED, ReviewAssigned): ReviewStatus.WAITING,
    (ReviewStatus.WAITING, ReviewDueSoon): ReviewStatus.WAITING,
    (ReviewStatus.LEASED, ReviewDueSoon): ReviewStatus.LEASED,
    (ReviewStatus.WAITING, ReviewQuarantined): ReviewStatus.QUARANTINED,
    (ReviewStatus.QUARANTINED, ReviewRequeued): ReviewStatus.WAITING,
    (ReviewStatus.WAITING, ReviewWithdrawn): ReviewStatus.WITHDRAWN,
    (ReviewStatus.LEASED, ReviewWithdrawn): ReviewStatus.WITHDRAWN,
    (ReviewStatus.QUARANTINED, ReviewWithdrawn): ReviewStatus.WITHDRAWN,
    (ReviewStatus.LEASED, ReviewAnswered): ReviewStatus.WAITING,
    (ReviewStatus.LEASED, ReviewDecided): ReviewStatus.PROVISIONAL,
    (ReviewStatus.PROVISIONAL, DecisionUndone): ReviewStatus.LEASED,
    (ReviewStatus.PROVISIONAL, DecisionFinal): ReviewStatus.DECIDED,
    (ReviewStatus.DECIDED, DecisionSuperseded): ReviewStatus.DECIDED,
}
"""(status, event) -> status. What is not here cannot happen: a decided review is never answered again."""
