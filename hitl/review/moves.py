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
)
from hitl.review.opening_events import KnownAsked, ReviewOpened
from hitl.review.state import Status

MOVES: dict[tuple[Status | None, type[AboutReview]], Status] = {
    (None, ReviewOpened): Status.WAITING,
    (None, KnownAsked): Status.WAITING,
    (Status.LEASED, KnownAnswered): Status.DECIDED,
    (Status.WAITING, ReviewLeased): Status.LEASED,
    (Status.WAITING, ReviewOverdue): Status.WAITING,
    (Status.LEASED, ReviewOverdue): Status.LEASED,
    (Status.LEASED, LeaseExpired): Status.WAITING,
    (Status.LEASED, ReviewReleased): Status.WAITING,
    (Status.LEASED, ReviewEscalated): Status.WAITING,
    (Status.LEASED, ReviewSkipped): Status.WAITING,
    (Status.LEASED, ReviewDelegated): Status.WAITING,
    (Status.LEASED, ReviewSentBack): Status.WAITING,
    (Status.LEASED, ReviewFailed): Status.WAITING,
    (Status.LEASED, DraftSaved): Status.LEASED,
    (Status.WAITING, ReviewAssigned): Status.WAITING,
    (Status.LEASED, ReviewAssigned): Status.WAITING,
    (Status.WAITING, ReviewDueSoon): Status.WAITING,
    (Status.LEASED, ReviewDueSoon): Status.LEASED,
    (Status.WAITING, ReviewQuarantined): Status.QUARANTINED,
    (Status.QUARANTINED, ReviewRequeued): Status.WAITING,
    (Status.LEASED, ReviewAnswered): Status.WAITING,
    (Status.LEASED, ReviewDecided): Status.PROVISIONAL,
    (Status.PROVISIONAL, DecisionUndone): Status.LEASED,
    (Status.PROVISIONAL, DecisionFinal): Status.DECIDED,
    (Status.DECIDED, DecisionSuperseded): Status.DECIDED,
}
"""(status, event) -> status. What is not here cannot happen: a decided review is never answered again."""
