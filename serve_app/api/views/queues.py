"""Queues over all shards, and the reviews in a person's hands."""

from dataclasses import dataclass
from typing import Literal

from hitl.review.pace import Rates
from hitl.review.views import ReviewView, WaitingReview, WhyEmpty
from hitl.routing.route import Priority


@dataclass(frozen=True, slots=True)
class NotPermitted:
    """The reason for nothing is the caller's role or tasks."""

    reason: Literal["permission"] = "permission"


@dataclass(frozen=True, slots=True)
class CallersQueue:
    """One queue as the caller finds it. ``why_empty`` is None while they may claim something; ``rates`` are measured, and
    ``estimated_wait_s`` is that of the last in line, None without a rate. ``quarantined`` are review ids."""

    queue: str
    waiting: int
    by_priority: dict[Priority, int]
    leased: int
    oldest_opened_at: float | None
    oldest_age_s: float | None
    for_you: int
    why_empty: WhyEmpty | NotPermitted | None
    quarantined: list[str]
    rates: Rates
    estimated_wait_s: float | None


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """Reviews in the order of claims; ``has_more``: there is a page behind this one. ``order`` tells how those of one priority
    are ordered."""

    reviews: list[WaitingReview]
    has_more: bool
    order: Literal["age", "hybrid"]


@dataclass(frozen=True, slots=True)
class QueueForecast:
    """How many people answer, until ``until`` (ISO 8601, UTC), what waits and what will arrive; None while nobody's speed is
    known. ``text`` says it in words."""

    queue: str
    waiting: int
    rates: Rates
    reviewers_needed: float | None
    until: str
    text: str


@dataclass(frozen=True, slots=True)
class AskedField:
    """A field of the answer; ``values`` are those of a choice, and ``title`` is what people read. ``min``, ``max``, ``step`` and
    ``unit`` are those of a number; ``least`` and ``most`` how many of the choices apply. ``is_automatic``: the model decided it,
    so that nobody is asked for it; another value overrides the model's."""

    name: str
    type: Literal["text", "long_text", "number", "money", "date", "choice", "choices"]
    title: str
    values: list[str]
    required: bool = False
    max_chars: int = 500
    min: float | None = None
    max: float | None = None
    step: float | None = None
    unit: str = ""
    least: int = 0
    most: int | None = None
    is_automatic: bool = False


@dataclass(frozen=True, slots=True)
class JudgedContent:
    """A content that the answer is about, at ``path`` of the features; ``label`` is the answer that prefers it, None for the
    content of a verdict."""

    path: str
    label: str | None


@dataclass(frozen=True, slots=True)
class AskedAnswer:
    """How people answer, beside the labels: ``beside`` has the fields that may be added to a label, by the label; ``contents``
    are those that the answer is about, in the order in which this person sees them; ``low`` and ``high`` say what the ends of a
    scale mean, and the model is right ``within`` so many of its points."""

    kind: Literal["label", "labels", "fields", "number", "scale", "verdict", "pair"]
    beside: dict[str, list[AskedField]]
    contents: list[JudgedContent]
    low: str = ""
    high: str = ""
    within: int = 0


@dataclass(frozen=True, slots=True)
class ShownGuideline:
    """When the answer ``name`` is right (a label, a choice, or a field of a value): ``examples`` are texts of cases that have it,
    ``cases`` the ids of decided cases."""

    name: str
    text: str
    examples: list[str]
    cases: list[str]


@dataclass(frozen=True, slots=True)
class TaskForm:
    """What a person needs to know of the task to answer: its labels, how its input is declared, and who brings predictions.
    ``none_answer`` is the answer that no label fits, None where it is not offered; ``answer`` says how people answer, and
    ``fields`` are those of the value, None where an answer is a label. What was declared of them is the payload's ``value``,
    and its ``boxes`` say where it was read, unless it is hidden. ``guidelines`` stand in the order of the answers."""

    title: str
    description: str
    labels: list[str]
    input: dict[str, object]
    predictions_by: Literal["client", "service"]
    none_answer: str | None
    fields: list[AskedField] | None
    answer: AskedAnswer
    guidelines: list[ShownGuideline]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAtHand(ReviewView):
    """A review that the caller holds, with the input of its case, sensitive values masked."""

    payload: dict[str, object]
    form: TaskForm


@dataclass(frozen=True, slots=True)
class ReviewsAtHand:
    """``review`` is the first of ``reviews``."""

    review: ReviewAtHand
    reviews: list[ReviewAtHand]


@dataclass(frozen=True, slots=True)
class HeldAtHand:
    """All that the caller holds, oldest grant first."""

    reviews: list[ReviewAtHand]


@dataclass(frozen=True, slots=True)
class MentionablePeople:
    """The names of people who may see a case."""

    people: list[str]


@dataclass(frozen=True, slots=True)
class KeptLease:
    """The lease runs anew for ``lease_s``."""

    review_id: str
    lease: int
    lease_s: float
