"""Queues as their people see them: depth, age, whose turn it is, and what changed."""

from dataclasses import dataclass
from typing import Literal

from hitl.review.pace import Rates
from hitl.review.views.reviews import WaitingReview
from hitl.routing.action import Priority


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """``by_priority`` counts what waits of each priority, ``leased`` what people hold. The oldest is None in an empty queue."""

    waiting: int
    by_priority: dict[Priority, int]
    leased: int
    oldest_opened_at: float | None
    oldest_age_s: float | None


@dataclass(frozen=True, slots=True)
class QueueDepths:
    """Every queue of every task, by its name."""

    queues: dict[str, QueueDepth]


@dataclass(frozen=True, slots=True)
class WhyEmpty:
    """Why a person may take nothing of a queue: they have answered or skipped all that waits, the rest is assigned to others,
    everything is leased (until ``until`` at the latest known, None: no lease) or in quarantine, or there is none."""

    reason: Literal["answered", "skipped", "others", "leased", "quarantined", "none"]
    waiting: int
    leased: int
    until: float | None
    quarantined: int


@dataclass(frozen=True, slots=True)
class QueueView:
    """One queue as a person finds it. ``for_you`` counts up to 50 that they may take, ``why_empty`` is None when there is one;
    ``quarantined`` are review ids."""

    queue: str
    waiting: int
    by_priority: dict[Priority, int]
    leased: int
    oldest_opened_at: float | None
    oldest_age_s: float | None
    for_you: int
    why_empty: WhyEmpty | None
    quarantined: list[str]
    rates: Rates


@dataclass(frozen=True, slots=True)
class Head:
    """A review that a claim would get; a lower ``rank`` is more pressing, 0 the most. ``turn_at`` (UTC seconds) is its turn among
    those of one rank, also of other shards."""

    rank: int
    priority: Priority
    turn_at: float
    review_id: str


@dataclass(frozen=True, slots=True)
class Heads:
    """What the next claim would get, first one first."""

    heads: list[Head]


@dataclass(frozen=True, slots=True)
class WaitingReviews:
    """Reviews of a queue in the order of claims, as one person may see them, and the ``turns`` (UTC seconds) of the same
    reviews."""

    reviews: list[WaitingReview]
    turns: list[float]


@dataclass(frozen=True, slots=True)
class Ahead:
    """How many reviews of the queue come before one, and how fast the queue moves."""

    ahead: int
    rates: Rates


@dataclass(frozen=True, slots=True)
class OrderableReviews:
    """Waiting reviews whose order may change, and the model by which what waits was ordered last; None: by none."""

    ordered_by: str | None
    review_ids: list[str]


@dataclass(frozen=True, slots=True)
class OrderedReviews:
    """How many reviews got another turn."""

    ordered: int


@dataclass(frozen=True, slots=True)
class QueueChange:
    """A change that people look out for; ``person`` alone is told where one is named."""

    kind: Literal["review_new", "review_withdrawn", "lease_lost"]
    queue: str
    review_id: str
    priority: Priority
    person: str | None


@dataclass(frozen=True, slots=True)
class QueueChanges:
    """What happened in a queue up to message ``cursor``; not complete when some messages are too old to be had."""

    status: Literal["changed", "waiting"]
    cursor: int
    is_complete: bool
    changes: list[QueueChange]


@dataclass(frozen=True, slots=True)
class ClaimPlan:
    """What a claim over several shards has to know of this one: how many reviews it ``leased`` here already, what it would get,
    first one first, and how many of the task its reviewer ``held``."""

    leased: int
    heads: list[Head]
    held: int


@dataclass(frozen=True, slots=True)
class ReviewCounters:
    """Counts since the first event: ``tasks`` has the counters of each task by name, ``leased`` is what people hold now."""

    tasks: dict[str, dict[str, int]]
    active_reviewers: int
    leased: int
