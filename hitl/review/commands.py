"""What can be asked of the review queues. Identities come from the caller's token, never from a body."""

from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from hitl.answers.median import MedianAnswer
from hitl.canonical import JsonObject
from hitl.intake.record import CaseRecord
from hitl.machine import asked
from hitl.review import views


@dataclass(frozen=True, slots=True)
class OpenReview(asked.Command[views.OpenedReview]):
    """Queue the case that the intake holds at ``position``; harmless for a case that is open already.

    ``after`` is the position of the reviewable case before it, where the reader knows it: the command is refused with
    SequenceConflict until that one is open, so that the cursor never passes a case. None skips this check.
    """

    ANSWER: ClassVar = views.OpenedReview

    record: CaseRecord
    position: int
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Reopen(asked.Command[views.ReopenedReview]):
    """Open a new review of a decided one's case, for ``to`` (``person:<id>``, ``role:<role>``, ``skill:<skill>``) or anybody, in
    the experts' queue or the ordinary one. The outcome stands until the new one is final. ``is_blind``: a second look, which
    shows nothing of the first and keeps out who has answered; one that disagrees goes to an expert."""

    ANSWER: ClassVar = views.ReopenedReview

    review_id: str
    by: str
    reason: str
    to: str | None = None
    to_experts: bool = False
    is_blind: bool = False


@dataclass(frozen=True, slots=True)
class Claim(asked.Command[views.ClaimedReviews]):
    """Lease the first ``count`` waiting reviews of ``queue`` that the reviewer may take; ``lease_s`` None: the task's own.

    ``keys`` are the roles and skills of the reviewer (``role:expert``, ``skill:hearts``), ``held_elsewhere`` the leases that they
    hold in other shards; ``claim_id`` lets PlanOf find this claim again."""

    ANSWER: ClassVar = views.ClaimedReviews

    queue: str
    reviewer: str
    lease_s: float | None = None
    count: int = 1
    keys: frozenset[str] = frozenset()
    held_elsewhere: int = 0
    claim_id: str = ""


@dataclass(frozen=True, slots=True)
class Decide(asked.Command[views.DecidedReview | views.HandedOnReview]):
    """Answer with the true ``label``; ``confidence`` in [0, 1] is the reviewer's own. Where the task's answers are values,
    ``value`` is this one, as it is stored, and ``label`` says whether it is the declared one (hitl.answers.labels); ``differs``
    names the fields in which it is not, and ``corrected_parts`` has a digest of what was given by part that is not as declared.
    Where values are numbers, ``median`` is that of all answers with this one."""

    ANSWER: ClassVar = (views.DecidedReview, views.HandedOnReview)

    review_id: str
    lease: int
    reviewer: str
    label: str
    confidence: float = 1.0
    comment: str = ""
    value: JsonObject | None = None
    differs: list[str] | None = None
    corrected_parts: dict[str, str] | None = None
    median: MedianAnswer | None = None


@dataclass(frozen=True, slots=True)
class Release(asked.Command[views.ReturnedReview]):
    """Give the review back to its place in the queue."""

    ANSWER: ClassVar = views.ReturnedReview

    review_id: str
    lease: int
    reviewer: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Skip(asked.Command[views.ReturnedReview]):
    """Give the review back, not to get it again while others can take it."""

    ANSWER: ClassVar = views.ReturnedReview

    review_id: str
    lease: int
    reviewer: str
    reason: str


@dataclass(frozen=True, slots=True)
class DelegateReview(asked.Command[views.ReturnedReview]):
    """Hand the review to ``to``: ``person:<id>``, ``role:<role>`` or ``skill:<skill>``."""

    ANSWER: ClassVar = views.ReturnedReview
    NAME: ClassVar[str] = "Delegate"
    """Its name in journals."""

    review_id: str
    lease: int
    reviewer: str
    to: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SendBack(asked.Command[views.ReturnedReview]):
    """An expert gives the review back to the ordinary queue, saying why."""

    ANSWER: ClassVar = views.ReturnedReview

    review_id: str
    lease: int
    reviewer: str
    reason: str


@dataclass(frozen=True, slots=True)
class SaveDraft(asked.Command[views.SavedDraft]):
    """Keep the holder's unfinished answer; nobody else sees it."""

    ANSWER: ClassVar = views.SavedDraft

    review_id: str
    lease: int
    reviewer: str
    draft: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReportFailure(asked.Command[views.FailedReview]):
    """The holder's client could not show the review (``render``) or broke on it (``crash``)."""

    ANSWER: ClassVar = views.FailedReview

    review_id: str
    lease: int
    reviewer: str
    kind: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Assign(asked.Command[views.AssignedReview]):
    """Let only ``to`` take the review (None: anybody); whoever holds it loses the lease."""

    ANSWER: ClassVar = views.AssignedReview

    review_id: str
    to: str | None
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Requeue(asked.Command[views.RequeuedReview]):
    """Let a quarantined review wait again."""

    ANSWER: ClassVar = views.RequeuedReview

    review_id: str
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawReviews(asked.Command[views.WithdrawnReviews]):
    """End the open reviews of a case whose input was erased; harmless where none is open."""

    ANSWER: ClassVar = views.WithdrawnReviews

    case_id: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class CancelCase(asked.Command[views.WithdrawnReviews]):
    """Nobody needs the decision of a case that waits for people any more: end its open reviews."""

    ANSWER: ClassVar = views.WithdrawnReviews

    case_id: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Escalate(asked.Command[views.ReturnedReview]):
    """Hand the review to the task's experts, urgently, with all that is known of it."""

    ANSWER: ClassVar = views.ReturnedReview

    review_id: str
    lease: int
    reviewer: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Undo(asked.Command[views.UndoneDecision]):
    """Take back the answer that ended the review, within its window; ``reviewer`` holds the review again."""

    ANSWER: ClassVar = views.UndoneDecision

    review_id: str
    reviewer: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Amend(asked.Command[views.AmendedDecision]):
    """Replace the label of a finally decided review by a superseding record."""

    ANSWER: ClassVar = views.AmendedDecision

    review_id: str
    by: str
    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class ExpireLease(asked.Command[dict[str, str]]):
    """Sent by time: ``lease`` had no heartbeat for its length."""

    review_id: str
    lease: int


@dataclass(frozen=True, slots=True)
class MarkOverdue(asked.Command[dict[str, str]]):
    """Sent by time: nobody has answered before the review's deadline."""

    review_id: str


@dataclass(frozen=True, slots=True)
class WarnDueSoon(asked.Command[dict[str, str]]):
    """Sent by time: most of the time for the review is over."""

    review_id: str


@dataclass(frozen=True, slots=True)
class MakeFinal(asked.Command[dict[str, str]]):
    """Sent by time: the undo window of the decision that ends at ``final_at`` is over."""

    review_id: str
    final_at: float


@dataclass(frozen=True, slots=True)
class ArchiveCases(asked.Command[views.ArchivedReviews]):
    """Sent by time: let the settled cases leave memory, each named with the digest of what was kept of it in the archive. One
    that has changed since, or is needed, stays."""

    ANSWER: ClassVar = views.ArchivedReviews

    cases: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ArchiveRows(asked.Command[views.ArchivedRows]):
    """Sent by time: let chunks of the lists of settled reviews leave memory, each named with the digest of what was kept of it.
    One that has changed since stays."""

    ANSWER: ClassVar = views.ArchivedRows

    chunks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RecallCase(asked.Command[views.RecalledReviews]):
    """Bring archived reviews back, each as hitl.review.show told it: somebody takes their case up again."""

    ANSWER: ClassVar = views.RecalledReviews

    reviews: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class NoteCasesArchived(asked.Command[views.NotedSegment]):
    """Sent by time: cases of the partition are in the archive, and were read back."""

    ANSWER: ClassVar = views.NotedSegment

    first: int
    last: int
    segment: str
    digest: str


@dataclass(frozen=True, slots=True)
class NoteCasesDeleted(asked.Command[views.NotedDeletion]):
    """Sent by time: archived cases of one task and day are about to be deleted; fields as of CasesDeleted."""

    ANSWER: ClassVar = views.NotedDeletion

    day: str
    task: str
    segment: str
    cases: int
    kept: int
    digest: str
    deletion: str
    reviewed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderReviews(asked.Command[views.OrderedReviews]):
    """Order what waits of ``task`` by how much an answer would teach the model ``model_version``: ``informativeness`` in [0, 1],
    by review id. Reviews that are not named keep their turn."""

    ANSWER: ClassVar = views.OrderedReviews

    task: str
    model_version: str
    informativeness: tuple[tuple[str, float], ...]


StorageCommand: TypeAlias = ArchiveCases | ArchiveRows | RecallCase | NoteCasesArchived | NoteCasesDeleted
"""What moves between memory, store and archive."""

HeldCommand: TypeAlias = Release | Skip | Escalate | DelegateReview | SendBack | SaveDraft | ReportFailure
"""What the holder of the lease does, short of answering."""

TimeCommand: TypeAlias = ExpireLease | WarnDueSoon | MarkOverdue | MakeFinal

OperatorCommand: TypeAlias = Assign | Requeue | WithdrawReviews | CancelCase
OpeningCommand: TypeAlias = OpenReview | OrderReviews | Reopen
Command: TypeAlias = (
    OpenReview
    | Reopen
    | Claim
    | Decide
    | Undo
    | Amend
    | HeldCommand
    | OperatorCommand
    | OrderReviews
    | TimeCommand
    | StorageCommand
)
