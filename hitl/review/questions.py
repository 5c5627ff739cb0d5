"""What can be read of the review queues; the answers are plain JSON objects, described here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QueueStats:
    """``{"queues": {queue: {"waiting", "by_priority", "leased", "oldest_opened_at", "oldest_age_s"}}}`` for every queue of
    every task; the oldest is None for an empty queue."""


@dataclass(frozen=True, slots=True)
class ReviewOf:
    """``{"review": {...}}`` with every field of the review that ``viewer`` may see (None: all). NotFound."""

    review_id: str
    viewer: str | None = None


@dataclass(frozen=True, slots=True)
class OutcomeOf:
    """``{"case_id", "review_id", "task", "client", "position", "status", "outcome", "outcomes", "version", "waits", "place",
    "history"}``.

    ``status`` is ``pending_human``, ``pending_expert``, ``provisional`` or ``decided``; ``outcome`` is the one that stands, None
    before the first; ``outcomes`` all of them, ``version`` their number. ``waits`` while there is none after number ``after``.
    ``place`` is where its review waits: ``{"queue", "priority", "opened_at", "time_in_queue_s"}``, None when it does not.
    ``viewer`` hides from who may still answer what they must not know. NotFound if never opened."""

    case_id: str
    after: int = 0
    viewer: str | None = None


@dataclass(frozen=True, slots=True)
class KnownAnswers:
    """Answers to cases of ``task`` whose answer was known, in order, from cursor ``after`` (0 at first): ``{"answers": [...],
    "next": cursor}``; a row is ``case_id``, ``review_id``, ``reviewer``, ``is_expert``, ``label``, ``truth``, ``suggested``
    (None: blind), ``probability`` (of having been asked) and ``at``."""

    task: str
    after: int
    limit: int


@dataclass(frozen=True, slots=True)
class Labelled:
    """Settled answers of ``task`` in order, from cursor ``after`` (0 at first): ``{"labelled": [...], "next": cursor}``.

    A row is ``case_id``, ``review_id``, ``purpose``, ``blind``, ``streams``, ``label``, ``reviewers``, ``reviewer``,
    ``prediction``, ``probabilities``, ``confidence``, ``segment``, ``model_version``, ``policy_version``,
    ``gold_probability``, ``audit_probability``, ``is_automatic``, ``rules``, ``opened_at``, ``priority``, ``due_at``, ``at``,
    ``held_s`` (how long people held it), ``posterior`` (of consensus, else None), ``answers`` and ``amends``: true where it
    replaces an earlier row of the same review. The same cursor always gives the same labels."""

    task: str
    after: int
    limit: int


@dataclass(frozen=True, slots=True)
class Examples:
    """Decided reviews of ``task`` in the order of their decisions, from cursor ``after`` (0 at first):
    ``{"examples": [...], "next": cursor}``. The same cursor always gives the same rows."""

    task: str
    after: int
    limit: int


@dataclass(frozen=True, slots=True)
class Heads:
    """``{"heads": [{"rank", "priority", "opened_at", "review_id"}]}`` of the reviews that the next claim of ``queue`` by
    ``reviewer`` would get, at most ``limit``. A lower rank is more pressing."""

    queue: str
    reviewer: str = ""
    keys: frozenset[str] = frozenset()
    limit: int = 1


@dataclass(frozen=True, slots=True)
class Waiting:
    """``{"reviews": [...]}``: the reviews of Heads as ``reviewer`` may see them, each with ``time_in_queue_s`` and ``rank``. A
    look, not a claim."""

    queue: str
    reviewer: str
    keys: frozenset[str] = frozenset()
    limit: int = 10


@dataclass(frozen=True, slots=True)
class QueueNews:
    """What happened in ``queue`` after message ``after`` (None: from now on): ``{"status": "changed" | "waiting", "cursor",
    "is_complete", "changes": [{"kind", "queue", "review_id", "priority", "person"}]}``. Not complete when some are too old."""

    queue: str
    after: int | None


@dataclass(frozen=True, slots=True)
class ClaimOf:
    """``{"review_ids"}``: what the claim ``claim_id`` leased here; empty where it leased nothing."""

    claim_id: str


@dataclass(frozen=True, slots=True)
class QueueOf:
    """One queue as ``reviewer`` finds it: ``{"queue", "waiting", "by_priority", "oldest_opened_at", "oldest_age_s", "leased",
    "for_you", "why_empty", "quarantined", "rates"}``. ``for_you`` counts up to 50 that they may take, ``why_empty`` is
    hitl.review.why_empty's object, None when there is one; ``quarantined`` are review ids, ``rates`` those of hitl.review.pace.
    NotFound."""

    queue: str
    reviewer: str
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ahead:
    """``{"ahead", "rates"}``: how many in ``queue`` are more pressing than a review of ``priority`` opened at ``opened_at``, or
    as pressing and older; and the queue's rates."""

    queue: str
    priority: str
    opened_at: float


@dataclass(frozen=True, slots=True)
class Cursor:
    """``{"position"}``: the last intake position whose review is open, 0 at first."""


@dataclass(frozen=True, slots=True)
class Leases:
    """``{"reviews": [...]}``: what ``reviewer`` holds, oldest grant first."""

    reviewer: str


@dataclass(frozen=True, slots=True)
class HeldLease:
    """``{"alarm", "lease_s"}``: which alarm a heartbeat of this lease moves, and by how much. NotFound, AlreadyDecided, or
    StaleLease when ``reviewer`` does not hold ``lease``."""

    review_id: str
    lease: int
    reviewer: str


@dataclass(frozen=True, slots=True)
class Archivable:
    """``{"cases": [[case id, text]]}``: up to ``limit`` settled cases that may leave memory, oldest first, because more than
    ``kept`` are there or because they last changed before ``before`` (UTC seconds); the text is what is to be kept of it."""

    kept: int
    before: float
    limit: int


@dataclass(frozen=True, slots=True)
class Counters:
    """``{"tasks": {task: {counter: value}}, "active_reviewers", "leased"}`` since the first event."""
