"""What can be asked of the review queues. Identities come from the caller's token, never from a body."""

from dataclasses import dataclass
from typing import TypeAlias

from hitl.intake.record import CaseRecord


@dataclass(frozen=True, slots=True)
class OpenReview:
    """Queue the case that the intake holds at ``position``; harmless for a case that is open already.

    ``after`` is the position of the reviewable case before it, where the reader knows it: the command is refused with
    SequenceConflict until that one is open, so that the cursor never passes a case. None skips this check.
    """

    record: CaseRecord
    position: int
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Lease the first waiting review of ``queue``; ``lease_s`` None: the task's own."""

    queue: str
    reviewer: str
    lease_s: float | None = None


@dataclass(frozen=True, slots=True)
class Decide:
    """Answer with the true ``label``; ``confidence`` in [0, 1] is the reviewer's own."""

    review_id: str
    lease: int
    reviewer: str
    label: str
    confidence: float = 1.0
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """Give the review back to its place in the queue."""

    review_id: str
    lease: int
    reviewer: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Escalate:
    """Hand the review to the task's experts, urgently, with all that is known of it."""

    review_id: str
    lease: int
    reviewer: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back the answer that ended the review, within its window; ``reviewer`` holds the review again."""

    review_id: str
    reviewer: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Amend:
    """Replace the label of a finally decided review by a superseding record."""

    review_id: str
    by: str
    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class ExpireLease:
    """Sent by time: ``lease`` had no heartbeat for its length."""

    review_id: str
    lease: int


@dataclass(frozen=True, slots=True)
class MarkOverdue:
    """Sent by time: nobody has answered before the review's deadline."""

    review_id: str


@dataclass(frozen=True, slots=True)
class MakeFinal:
    """Sent by time: the undo window of the decision that ends at ``final_at`` is over."""

    review_id: str
    final_at: float


Command: TypeAlias = OpenReview | Claim | Decide | Release | Escalate | Undo | Amend | ExpireLease | MarkOverdue | MakeFinal
