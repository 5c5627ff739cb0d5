"""What can be read of the review queues, each question with the view that answers it."""

from dataclasses import dataclass

from hitl.machine.asked import Question
from hitl.review import views


@dataclass(frozen=True, slots=True)
class QueueStats(Question[views.QueueDepths]):
    """Ask for the depth, age and leases of every queue of every task."""


@dataclass(frozen=True, slots=True)
class ReviewOf(Question[views.ShownReview]):
    """Ask for a review as ``viewer`` may see it (None: everything of it). Raises NotFound."""

    review_id: str
    viewer: str | None = None


@dataclass(frozen=True, slots=True)
class OutcomeOf(Question[views.CaseOutcome]):
    """Ask for the outcomes of a case; it waits while there is none after number ``after``.

    ``viewer`` hides from who may still answer what they must not know. Raises NotFound for a case that was never opened."""

    case_id: str
    after: int = 0
    viewer: str | None = None


@dataclass(frozen=True, slots=True)
class KnownAnswers(Question[views.KnownAnswersPage]):
    """Ask for answers to cases of ``task`` whose answer was known, in order, from cursor ``after`` (0 at first)."""

    task: str
    after: int
    limit: int


@dataclass(frozen=True, slots=True)
class SettledLabels(Question[views.LabelledPage]):
    """Ask for settled answers of ``task`` in order, from cursor ``after`` (0 at first).

    The same cursor always gives the same labels."""

    task: str
    after: int
    limit: int


@dataclass(frozen=True, slots=True)
class ReopenedCases(Question[views.OpenAgain]):
    """Ask for the cases of ``task`` that were decided and that people look at again."""

    task: str


@dataclass(frozen=True, slots=True)
class Examples(Question[views.ExamplesPage]):
    """Ask for decided reviews of ``task`` in the order of their decisions, from cursor ``after`` (0 at first).

    The same cursor always gives the same rows."""

    task: str
    after: int
    limit: int


@dataclass(frozen=True, slots=True)
class QueueHeads(Question[views.Heads]):
    """Ask which reviews the next claim of ``queue`` by ``reviewer`` would get, at most ``limit``."""

    queue: str
    reviewer: str = ""
    keys: frozenset[str] = frozenset()
    limit: int = 1


@dataclass(frozen=True, slots=True)
class LookAhead(Question[views.WaitingReviews]):
    """Ask for the reviews of Heads as ``reviewer`` may see them. A look, not a claim."""

    queue: str
    reviewer: str
    keys: frozenset[str] = frozenset()
    limit: int = 10


@dataclass(frozen=True, slots=True)
class QueueNews(Question[views.QueueChanges]):
    """Ask what happened in ``queue`` after message ``after`` (None: from now on)."""

    queue: str
    after: int | None


@dataclass(frozen=True, slots=True)
class PlanOf(Question[views.ClaimPlan]):
    """Ask what a claim over several shards has to know of this one before it leases anything: QueueHeads, what ``claim_id``
    leased here, and what ``reviewer`` holds of the queue's task."""

    claim_id: str
    queue: str
    reviewer: str
    keys: frozenset[str] = frozenset()
    limit: int = 1


@dataclass(frozen=True, slots=True)
class QueueOf(Question[views.QueueView]):
    """Ask for one queue as ``reviewer`` finds it. Raises NotFound."""

    queue: str
    reviewer: str
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CountAhead(Question[views.Ahead]):
    """Ask how many in ``queue`` are more pressing than a review of ``priority`` whose turn is at ``turn_at``, or as pressing with
    an earlier turn; and for the queue's rates."""

    queue: str
    priority: str
    turn_at: float


@dataclass(frozen=True, slots=True)
class Orderable(Question[views.OrderableReviews]):
    """Ask for at most ``limit`` waiting reviews of ``task`` whose order may change, in the order of claims; for none where
    ``unless`` was the last model to order them."""

    task: str
    limit: int
    unless: str | None = None


@dataclass(frozen=True, slots=True)
class Cursor(Question[views.IntakeCursor]):
    """Ask for the last intake position whose review is open."""


@dataclass(frozen=True, slots=True)
class Leases(Question[views.HeldReviews]):
    """Ask what ``reviewer`` holds."""

    reviewer: str


@dataclass(frozen=True, slots=True)
class FindCases(Question[views.FoundCases]):
    """Ask for cases of ``tasks``, newest first, before the place ``before`` (time and case; None: from the newest), as ``viewer``
    may see them (None: everything of them). A filter that is None, or an empty ``prefix`` of the id, leaves out nothing."""

    tasks: frozenset[str]
    viewer: str | None
    limit: int
    before: tuple[float, str] | None = None
    prefix: str = ""
    status: str | None = None
    label: str | None = None
    prediction: str | None = None
    reviewer: str | None = None
    since: float | None = None
    until: float | None = None


@dataclass(frozen=True, slots=True)
class FindLease(Question[views.HeldLease]):
    """Ask which alarm a heartbeat of this lease moves. Raises NotFound, AlreadyDecided, or StaleLease when ``reviewer`` does
    not hold ``lease``."""

    review_id: str
    lease: int
    reviewer: str


@dataclass(frozen=True, slots=True)
class Archivable(Question[views.ArchivableCases]):
    """Ask for up to ``limit`` settled cases that may leave memory, because more than ``kept`` are there or because they last
    changed before ``before`` (UTC seconds)."""

    kept: int
    before: float
    limit: int


@dataclass(frozen=True, slots=True)
class ArchivableRows(Question[views.ArchivableChunks]):
    """Ask for up to ``limit`` chunks of the lists of settled reviews that may leave memory, because more than ``kept`` rows of
    their list stay."""

    kept: int
    limit: int


@dataclass(frozen=True, slots=True)
class OpenAmong(Question[views.OpenCases]):
    """Ask which of the cases people have not finished with: one of their reviews is neither decided nor withdrawn."""

    case_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InMemory(Question[views.OpenCases]):
    """Ask which of the cases have a review in memory, whatever became of it."""

    case_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counters(Question[views.ReviewCounters]):
    """Ask for the counters since the first event."""
