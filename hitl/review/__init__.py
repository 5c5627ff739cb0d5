"""People's work items on cases: queues, leases, deadlines and decisions, as one pure machine."""

from hitl.review.commands import Claim, Command, Decide, Escalate, ExpireLease, MarkOverdue, OpenReview, Release
from hitl.review.machine import ReviewMachine
from hitl.review.queries import Question
from hitl.review.questions import (
    Counters,
    Cursor,
    Examples,
    Head,
    HeldLease,
    Leases,
    OutcomeOf,
    QueueStats,
    ReviewOf,
)
from hitl.review.queues import expert_queue, task_of
from hitl.review.state import Review, ReviewState, Status, lease_key, review_id_of

__all__ = [
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
    "Leases",
    "MarkOverdue",
    "OpenReview",
    "OutcomeOf",
    "Question",
    "QueueStats",
    "Release",
    "Review",
    "ReviewMachine",
    "ReviewOf",
    "ReviewState",
    "Status",
    "expert_queue",
    "lease_key",
    "review_id_of",
    "task_of",
]
