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
    """Reviews in the order of claims; ``has_more``: there is a page behind this one."""

    reviews: list[WaitingReview]
    has_more: bool


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
    """A field of the answer; ``values`` are those of a choice, and ``title`` is what people read."""

    name: str
    type: Literal["text", "number", "money", "date", "choice"]
    title: str
    values: list[str]


@dataclass(frozen=True, slots=True)
class TaskForm:
    """What a person needs to know of the task to answer: its labels, how its input is declared, and who brings predictions.
    ``none_answer`` is the answer that no label fits, None where it is not offered; ``fields`` are those of the
    answer, None where an answer is a label. What was declared of them is the payload's ``value``, unless it is hidden."""

    title: str
    description: str
    labels: list[str]
    input: dict[str, object]
    predictions_by: Literal["client", "service"]
    none_answer: str | None
    fields: list[AskedField] | None


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
class KeptLease:
    """The lease runs anew for ``lease_s``."""

    review_id: str
    lease: int
    lease_s: float
