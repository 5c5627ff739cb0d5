"""People's work items on cases: queues, leases, deadlines and decisions, as one pure machine."""

from hitl.review.commands import (
    Amend,
    Claim,
    Command,
    Decide,
    Escalate,
    ExpireLease,
    MakeFinal,
    MarkOverdue,
    OpenReview,
    Release,
    Undo,
)
from hitl.review.machine import ReviewMachine
from hitl.review.queries import Question
from hitl.review.questions import (
    Counters,
    Cursor,
    Examples,
    Head,
    HeldLease,
    Labelled,
    Leases,
    OutcomeOf,
    QueueStats,
    ReviewOf,
)
from hitl.review.queues import expert_queue, task_of
from hitl.review.state import Purpose, Review, ReviewState, Status, lease_key, review_id_of

__all__ = [
    "Amend",
    "Claim",
    "Command",
    "Counters",
    "Cursor",
    "Decide",
    "Escalate",
    "Examples",
    "ExpireLease",
    "Head",
    "HeldLease",
    "Labelled",
    "Leases",
    "MakeFinal",
    "MarkOverdue",
    "OpenReview",
    "OutcomeOf",
    "Purpose",
    "Question",
    "QueueStats",
    "Release",
    "Review",
    "ReviewMachine",
    "ReviewOf",
    "ReviewState",
    "Status",
    "Undo",
    "expert_queue",
    "lease_key",
    "review_id_of",
    "task_of",
]
