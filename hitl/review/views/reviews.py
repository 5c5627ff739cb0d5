"""A review with everything that the person who looks may see of it."""

from dataclasses import dataclass, field
from typing import Literal

from hitl.review.views.outcomes import HistoryStep, OutcomeRecord
from hitl.routing.action import Priority


@dataclass(frozen=True, slots=True)
class ReviewLease:
    """The exclusive right to answer. ``id`` grows with every grant of the shard; it ends ``lease_s`` after the last heartbeat."""

    id: int
    reviewer: str
    lease_s: float
    granted_at: float


@dataclass(frozen=True, slots=True)
class ReviewAnswer:
    """What one person said at ``at``; ``confidence`` in [0, 1] is their own. ``differs`` names the fields in which their value is
    not the declared one; None where answers are labels, and in older ones. ``corrected_parts`` has, by field or label of a set
    that they changed, a digest of what they gave; None as ``differs``, and where a value has one part. ``near_answers``
    are the labels of earlier answers within the tolerance of this number; None where answers are no numbers."""

    reviewer: str
    label: str
    confidence: float
    comment: str
    at: float
    is_expert: bool = False
    differs: list[str] | None = None
    corrected_parts: dict[str, str] | None = None
    near_answers: list[str] | None = None


@dataclass(frozen=True, slots=True)
class ReviewDecision:
    """What the answers of a review came to. ``reviewer`` gave the last one; ``agrees_with_model`` is None where no model had
    said anything. It can be undone until ``final_at``."""

    label: str
    reviewer: str
    confidence: float
    comment: str
    decided_at: float
    agrees_with_model: bool | None
    reviewers: list[str]
    final_at: float


@dataclass(frozen=True, slots=True)
class Draft:
    """An unfinished answer, any JSON object, as it was saved at ``at``."""

    draft: dict[str, object]
    at: float


@dataclass(frozen=True, slots=True)
class KnownItem:
    """What an answer is compared with: the true ``label``, the ``probability`` of having been asked, and what was ``suggested``
    (None: asked blind)."""

    label: str
    probability: float
    suggested: str | None


@dataclass(frozen=True, slots=True)
class ReviewView:
    """One work item. ``position`` is the case's place in the intake; ``reason`` is the route's, ``escalation`` why it went to
    the experts since. ``assigned`` names who alone may take it, ``reopens`` the decided review that it takes up again,
    ``skipped`` who passed it on, ``barred`` who must not answer it, ``preferred`` whose answer would tell most. The model's
    suggestion, and what tells a check, are None or empty where they are hidden or there was no model: ``confidence`` and
    ``uncertainty`` in [0, 1], ``probabilities`` in the order of the task's labels. ``is_automatic``: the model's decision
    stands until people disagree, as it does for ``automatic_parts`` of an answer. ``gold_probability`` and
    ``audit_probability`` are those of being checked.

    ``generation`` is the serving generation of the case.

    What has a default may be absent in the answers of old journals."""

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
    status: Literal["waiting", "leased", "provisional", "decided", "quarantined", "withdrawn"]
    lease: ReviewLease | None
    outcome: ReviewDecision | None
    history: list[HistoryStep]
    purpose: Literal["review", "audit", "gold", "known"] | None = "review"
    blind: bool = False
    is_automatic: bool | None = False
    streams: list[str] = field(default_factory=list)
    probabilities: list[float] | None = None
    gold_probability: float | None = 0.0
    audit_probability: float | None = 0.0
    segment: str = ""
    rules: list[str] = field(default_factory=list)
    automatic_parts: list[str] = field(default_factory=list)
    warn_at: float | None = None
    assigned: str | None = None
    reopens: str | None = None
    escalation: str | None = None
    known: KnownItem | None = None
    known_probability: float = 0.0
    barred: list[str] = field(default_factory=list)
    preferred: str | None = None
    generation: int = 0
    is_due_soon: bool = False
    is_overdue: bool = False
    failures: int = 0
    skipped: list[str] = field(default_factory=list)
    drafts: dict[str, Draft] = field(default_factory=dict)
    answers: list[ReviewAnswer] = field(default_factory=list)
    outcomes: list[OutcomeRecord] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingReview(ReviewView):
    """A review that nobody holds; a lower ``rank`` is more pressing, 0 the most."""

    time_in_queue_s: float
    rank: int


@dataclass(frozen=True, slots=True)
class ShownReview:
    """One review, as its viewer may see it."""

    review: ReviewView


@dataclass(frozen=True, slots=True)
class HeldReviews:
    """What a person holds, oldest grant first."""

    reviews: list[ReviewView]


@dataclass(frozen=True, slots=True)
class HeldLease:
    """The alarm that a heartbeat of the lease moves, and by how much."""

    alarm: str
    lease_s: float
