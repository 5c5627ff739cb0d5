"""The events by which a review begins, or waits for another turn. Fields with a default are absent in older entries."""

from msgspec import UNSET, UnsetType, field

from hitl.machine.events import Event
from hitl.review.event_fields import AboutReview, KnownTruth
from hitl.review.state import Purpose
from hitl.routing.action import Priority


class Opened(AboutReview, frozen=True, kw_only=True):
    """Base of both: the case, what the model and the policy said of it, and the terms of this review.

    ``position`` is the case's place in the intake; ``opened_at``, ``warn_at`` and ``due_at`` are UTC seconds; probabilities are
    in [0, 1]. ``reopens`` names the decided review that this one takes up again; ``generation`` is the serving generation of
    the case, absent where it is 0.
    """

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
    purpose: Purpose = Purpose.REVIEW
    blind: bool = False
    is_automatic: bool = False
    streams: list[str] = field(default_factory=list)
    probabilities: list[float] | None = None
    gold_probability: float = 0.0
    audit_probability: float = 0.0
    segment: str = ""
    rules: list[str] = field(default_factory=list)
    warn_at: float | None = None
    assigned: str | None = None
    reopens: str | None = None
    escalation: str | None = None
    generation: int | UnsetType = UNSET


class ReviewOpened(Opened, frozen=True, kw_only=True):
    """A case waits for people. ``barred`` must not answer it; ``known_probability`` is that with which a case whose answer is
    known was to be asked beside it; ``preferred`` is asked first; ``automatic_parts`` of the answer were decided by the model;
    ``turn_at`` (UTC seconds) is its turn where a queue does not go by the intake. Each is absent where nothing was to be said."""

    automatic_parts: list[str] | UnsetType = UNSET
    barred: list[str] | UnsetType = UNSET
    known_probability: float | UnsetType = UNSET
    preferred: str | UnsetType = UNSET
    turn_at: float | UnsetType = UNSET


class KnownAsked(Opened, frozen=True, kw_only=True):
    """A case whose answer is known waits once more, unmarked, among the others."""

    known: KnownTruth
    known_probability: float
    barred: list[str]
    preferred: str | UnsetType = UNSET
    turn_at: float | UnsetType = UNSET


class ReviewsOrdered(Event, frozen=True, kw_only=True):
    """Waiting reviews of ``task`` got other ``turns`` (UTC seconds, by review id), by what ``model_version`` says of them."""

    task: str
    model_version: str
    turns: dict[str, float]
