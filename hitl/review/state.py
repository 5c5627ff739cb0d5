"""The state of one shard's reviews."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import msgspec

from hitl.review.case_status import CaseStatus
from hitl.review.pace import Pace
from hitl.review.queues import ANYBODY, EXPERT_SUFFIX, Lane, Place, Queues
from hitl.routing.route import Priority


class ReviewStatus(StrEnum):
    WAITING = "waiting"
    LEASED = "leased"
    PROVISIONAL = "provisional"
    DECIDED = "decided"
    QUARANTINED = "quarantined"
    WITHDRAWN = "withdrawn"

    __hash__ = str.__hash__


OPEN_STATUSES: frozenset[str] = frozenset(
    {ReviewStatus.WAITING, ReviewStatus.LEASED, ReviewStatus.PROVISIONAL}
    | {CaseStatus.PENDING_HUMAN, CaseStatus.PENDING_EXPERT, CaseStatus.PROVISIONAL}
)
"""Of a review, and of its case as a client is told it: somebody has still to act."""


class Purpose(StrEnum):
    """Why people look: to decide the case, to check blindly what was or will be decided, or because the answer is known."""

    REVIEW = "review"
    AUDIT = "audit"
    GOLD = "gold"
    KNOWN = "known"


@dataclass(slots=True)
class Lease:
    """The exclusive right to answer. ``id`` grows by one with every grant of the shard; ``granted_at`` is UTC seconds."""

    id: int
    reviewer: str
    lease_s: float
    granted_at: float


@dataclass(slots=True)
class ReviewOutcome:
    """What people said. ``reviewer`` gave the last answer; ``agrees_with_model`` is None where no model had said anything.
    Until ``final_at`` (UTC seconds) the reviewer can undo it."""

    label: str
    reviewer: str
    confidence: float
    comment: str
    decided_at: float
    agrees_with_model: bool | None
    reviewers: list[str]
    final_at: float


class Review(msgspec.Struct):
    """One work item. It is a struct because a recovery makes hundreds of thousands of them. ``position`` is the case's place in
    the intake and its place in any queue; ``reason`` is the route's, ``escalation`` why it went to the experts since,
    ``assigned`` who alone may take it, ``reopens`` the decided review that it takes up again; ``skipped`` names who passed it
    on. ``is_automatic``: the model's decision stands until people disagree, and that of
    ``automatic_parts`` where each part of an answer goes by itself.
    ``known`` is what a review of purpose ``known`` is compared with, ``barred`` who must not answer it, ``known_probability``
    that with which such a one was to be opened beside this; ``preferred`` whose answer would tell most.
    ``turn_at`` (UTC seconds) is its turn among the ordinary reviews of its priority; None: its position in the intake.
    ``generation`` is the serving generation of the case: people answer under the definition that the task had then.
    ``answers`` are those given so far, ``outcomes`` what the case's outcome became by this review, ``history`` every event."""

    case_id: str
    review_id: str
    task: str
    client: str
    queue: str
    priority: Priority
    position: int
    opened_at: float
    due_at: float
    prediction: str | None
    confidence: float | None
    uncertainty: float | None
    confidence_level: str | None
    reason: str
    model_version: str | None
    policy_version: str
    payload_digest: str
    purpose: str = Purpose.REVIEW.value
    blind: bool = False
    is_automatic: bool = False
    streams: list[str] = []
    probabilities: list[float] | None = None
    gold_probability: float = 0.0
    audit_probability: float = 0.0
    segment: str = ""
    rules: list[str] = []
    automatic_parts: list[str] = []
    warn_at: float | None = None
    assigned: str | None = None
    reopens: str | None = None
    escalation: str | None = None
    known: dict[str, Any] | None = None
    known_probability: float = 0.0
    barred: list[str] = []
    preferred: str | None = None
    turn_at: float | None = None
    status: ReviewStatus = ReviewStatus.WAITING
    is_due_soon: bool = False
    is_overdue: bool = False
    failures: int = 0
    skipped: list[str] = []
    drafts: dict[str, dict[str, Any]] = {}
    lease: Lease | None = None
    outcome: ReviewOutcome | None = None
    answers: list[dict[str, Any]] = []
    outcomes: list[dict[str, Any]] = []
    history: list[dict[str, Any]] = []
    generation: int = 0

    @property
    def place(self) -> Place | None:
        """Where it waits, or None while nobody can claim it."""
        return (self.queue, self.priority, self.lane) if self.status is ReviewStatus.WAITING else None

    @property
    def lane(self) -> Lane:
        """Who may take it."""
        if not (self.answers or self.barred or self.skipped or self.assigned or self.preferred):
            return ANYBODY
        answered = frozenset([*(answer["reviewer"] for answer in self.answers), *self.barred])
        return Lane(self.assigned, answered, frozenset(self.skipped), self.preferred)

    @property
    def turn(self) -> float:
        """What its place in a queue goes by, the lowest first. Experts get their reviews in the order of the intake."""
        return self.position if self.turn_at is None or self.is_with_experts else self.turn_at

    @property
    def turn_time(self) -> float:
        """Its turn as UTC seconds, to compare it with reviews of other shards."""
        return self.opened_at if self.turn_at is None or self.is_with_experts else self.turn_at

    @property
    def is_with_experts(self) -> bool:
        return self.queue.endswith(EXPERT_SUFFIX)


COUNTERS = (
    "opened",
    "decided",
    "agreed",
    "in_time",
    "leased",
    "expired",
    "released",
    "escalated",
    "overdue",
    "answered",
    "undone",
    "superseded",
    "skipped",
    "failed",
    "quarantined",
)
"""Per task; ``agreed`` and ``in_time`` (before the deadline) count decisions, ``leased`` grants. A decision counts when it is
final; a superseding record corrects ``agreed``."""


@dataclass(slots=True)
class Label:
    """One settled answer, as it stood at ``at``; ``amends`` where it replaces an earlier one of the same review."""

    review_id: str
    label: str
    reviewers: tuple[str, ...]
    at: float
    amends: bool


GONE = Label("", "", (), 0.0, False)
"""In the place of one whose case was deleted."""


@dataclass(slots=True)
class ReviewNews:
    """A change that people look out for; ``person`` alone is told where one is named."""

    number: int
    kind: str
    queue: str
    review_id: str
    priority: str
    person: str | None


MAX_NEWS = 5_000
"""Messages that a shard keeps for those who come back."""


@dataclass(slots=True)
class ReviewState:
    """The places of deleted cases in lists are empty. ``examples`` holds the finally decided review ids of each task
    in order, ``labels`` their labels with every amendment; ``held`` what each reviewer holds, by grant, ``quarantined`` the ids
    in quarantine by queue. ``seen`` tells when each person last took something of a queue, ``claims`` what the newest claims
    leased; ``lessons`` of each task what each person answered where the truth is known, as (truth, answer), the newest ones;
    ``judged`` the newest reviews that an expert settled, as (review id, truth, people's (reviewer, label) before); ``known`` of
    each task the settled reviews that may be asked again, ``known_answers`` the reviews of purpose ``known`` that were answered,
    in order. ``settled`` are the cases whose reviews are all decided or withdrawn, with the time of the last change, oldest
    first; ``reopened`` of each task the cases that were decided and are looked at again; ``ordered_by`` of each task
    whose queue is ordered by what its reviews teach, or was, the model by which what waited was ordered last (empty before the
    first time). ``archived`` counts the reviews that
    left for the archive, ``archived_to`` is the greatest position among them; ``rows_left`` counts by list (``labels``,
    ``examples``, ``known_answers``) and task the rows that left, which were its first ones."""

    reviews: dict[str, Review] = field(default_factory=dict)
    queues: Queues = field(default_factory=Queues)
    examples: dict[str, list[str]] = field(default_factory=dict)
    labels: dict[str, list[Label]] = field(default_factory=dict)
    held: dict[str, dict[str, None]] = field(default_factory=dict)
    quarantined: dict[str, dict[str, None]] = field(default_factory=dict)
    paces: dict[str, Pace] = field(default_factory=dict)
    seen: dict[str, dict[str, float]] = field(default_factory=dict)
    claims: OrderedDict[str, list[str]] = field(default_factory=OrderedDict)
    lessons: dict[str, dict[str, deque[tuple[str, str]]]] = field(default_factory=dict)
    judged: dict[str, deque[tuple[str, str, list[tuple[str, str]]]]] = field(default_factory=dict)
    known: dict[str, dict[str, None]] = field(default_factory=dict)
    known_answers: dict[str, list[str]] = field(default_factory=dict)
    counters: dict[str, dict[str, int]] = field(default_factory=dict)
    news: deque[ReviewNews] = field(default_factory=lambda: deque(maxlen=MAX_NEWS))
    news_count: int = 0
    cursor: int = 0
    last_lease: int = 0
    settled: dict[str, float] = field(default_factory=dict)
    reopened: dict[str, dict[str, None]] = field(default_factory=dict)
    ordered_by: dict[str, str] = field(default_factory=dict)
    archived: int = 0
    archived_to: int = 0
    rows_left: dict[str, dict[str, int]] = field(default_factory=dict)


def review_id_of(case_id: str, number: int = 1) -> str:
    """Return the id of the case's review number ``number``, counted from 1."""
    return f"{case_id}-{number}"


def lease_key(review_id: str) -> str:
    """Return the alarm of the review's lease: a heartbeat moves it."""
    return f"lease:{review_id}"


def warn_key(review_id: str) -> str:
    """Return the alarm of the warning before the deadline."""
    return f"warn:{review_id}"


def due_key(review_id: str) -> str:
    """Return the alarm of the review's deadline."""
    return f"due:{review_id}"


def final_key(review_id: str) -> str:
    """The alarm of the end of the undo window."""
    return f"final:{review_id}"
