"""What evaluation and training read of the decided reviews, page by page."""

from dataclasses import dataclass, field
from typing import Literal

from hitl.canonical import JsonObject
from hitl.review.views.reviews import ReviewAnswer
from hitl.routing.action import Priority


@dataclass(frozen=True, slots=True)
class DecidedExample:
    """A decided case: its label as it stands, who gave it last and how sure they were, in [0, 1], and the model's prediction,
    None without a model. ``streams`` names the coins that drew the case. ``value`` is the one that
    people corrected, where answers are values."""

    case_id: str
    review_id: str
    position: int
    prediction: str | None
    purpose: str
    streams: list[str]
    label: str
    reviewer: str
    confidence: float
    decided_at: float
    agrees_with_model: bool | None
    value: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class ExamplesPage:
    """``next`` is the cursor of the next page."""

    examples: list[DecidedExample]
    next: int


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A settled answer as it stood at ``at``, with everything that it is weighed by. ``held_s`` is how long people held the
    review, ``posterior`` the probability of each label by the consensus, None where no consensus settled it. ``amends``: it
    replaces an earlier row of the same review. ``automatic_parts`` are those that the model decided by themselves."""

    case_id: str
    review_id: str
    purpose: Literal["review", "audit", "gold", "known"]
    blind: bool
    streams: list[str]
    prediction: str | None
    probabilities: list[float] | None
    confidence: float | None
    segment: str
    model_version: str | None
    policy_version: str
    gold_probability: float
    audit_probability: float
    is_automatic: bool
    rules: list[str]
    opened_at: float
    priority: Priority
    due_at: float
    answers: list[ReviewAnswer]
    label: str
    reviewers: list[str]
    reviewer: str
    at: float
    amends: bool
    held_s: float
    posterior: dict[str, float] | None
    automatic_parts: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """``next`` is the cursor of the next page."""

    labelled: list[LabelledRow]
    next: int


@dataclass(frozen=True, slots=True)
class OpenAgain:
    """``case_ids`` were decided and are looked at again."""

    case_ids: list[str]


@dataclass(frozen=True, slots=True)
class KnownAnswerRow:
    """What ``reviewer`` said, as ``label``, of a case whose ``truth`` was known; ``suggested`` None: it was asked blind.
    ``probability`` is that of having been asked."""

    case_id: str
    review_id: str
    reviewer: str
    is_expert: bool
    label: str
    truth: str
    suggested: str | None
    probability: float
    at: float


@dataclass(frozen=True, slots=True)
class KnownAnswersPage:
    """``next`` is the cursor of the next page."""

    answers: list[KnownAnswerRow]
    next: int
