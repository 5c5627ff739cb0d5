"""What the sender of a command is told of its effect."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from msgspec import UNSET, UnsetType

from hitl.review.views.queues import WhyEmpty
from hitl.review.views.reviews import ReviewView
from hitl.routing.action import Priority


@dataclass(frozen=True, slots=True)
class OpenedReview:
    """The review of a case, open now or before."""

    review_id: str


@dataclass(frozen=True, slots=True)
class ReopenedReview:
    """A new review of a decided case, and where it waits; ``reopens`` is the decided one."""

    case_id: str
    review_id: str
    queue: str
    priority: Priority
    assigned: str | None
    reopens: str


@dataclass(frozen=True, slots=True)
class ClaimedReviews:
    """``review`` is the first of ``reviews``, None where nothing was leased: then ``why`` says why, else it is absent."""

    review: ReviewView | None
    reviews: list[ReviewView]
    why: WhyEmpty | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class HandedOnReview:
    """An answer that waits for another person's, or for an expert's with its reason."""

    case_id: str
    review_id: str
    label: str
    reviewer: str
    status: Literal["answered"]
    waits_for: Literal["another", "expert"]
    reason: str | None


@dataclass(frozen=True, slots=True)
class DecidedReview:
    """An answer that settled its review. ``label`` is the decision, ``reviewer`` gave the last answer; ``agrees_with_model`` is
    None where no model had said anything. It is provisional and can be undone until ``final_at``."""

    case_id: str
    review_id: str
    label: str
    reviewer: str
    agrees_with_model: bool | None
    status: Literal["provisional", "decided"]
    decided_at: float
    final_at: float


@dataclass(frozen=True, slots=True)
class UndoneDecision:
    """The reviewer holds the review again under ``lease``, for ``lease_s`` without a heartbeat."""

    case_id: str
    review_id: str
    lease: int
    lease_s: float


@dataclass(frozen=True, slots=True)
class AmendedDecision:
    """A final decision whose label was ``was`` and is ``label`` now, by whoever amended it."""

    case_id: str
    review_id: str
    label: str
    was: str
    by: str


@dataclass(frozen=True, slots=True)
class ReturnedReview:
    """Where a review waits that its holder gave away; ``assigned`` names who alone may take it."""

    case_id: str
    review_id: str
    queue: str
    priority: Priority
    assigned: str | None = None


@dataclass(frozen=True, slots=True)
class FailedReview:
    """A review that could not be shown, with how often that was reported; in quarantine it waits for an operator."""

    case_id: str
    review_id: str
    queue: str
    priority: Priority
    assigned: str | None
    failures: int
    is_quarantined: bool


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """The unfinished answer as it is kept, any JSON object."""

    case_id: str
    review_id: str
    draft: dict[str, object]


@dataclass(frozen=True, slots=True)
class AssignedReview:
    """Where the review waits and who alone may take it; ``lease`` is the one that somebody lost by it."""

    case_id: str
    review_id: str
    queue: str
    priority: Priority
    assigned: str | None
    lease: int | None


@dataclass(frozen=True, slots=True)
class WithdrawnReviews:
    """The reviews of the case that nobody can answer any more."""

    case_id: str
    review_ids: list[str]


@dataclass(frozen=True, slots=True)
class RequeuedReview:
    """A review that is out of quarantine."""

    case_id: str
    review_id: str
    queue: str


@dataclass(frozen=True, slots=True)
class IntakeCursor:
    """The last intake position whose review is open, 0 at first."""

    position: int


class ArchivableCase(NamedTuple):
    """A settled case with the text that is to be kept of it."""

    case_id: str
    text: str


@dataclass(frozen=True, slots=True)
class ArchivableCases:
    """Settled cases that may leave memory, oldest first."""

    cases: list[ArchivableCase]


class ArchivableChunk(NamedTuple):
    """A chunk of a list of settled reviews, by its name in the archive, with the text that is to be kept of it."""

    chunk: str
    text: str


@dataclass(frozen=True, slots=True)
class ArchivableChunks:
    """Chunks that may leave memory, at most one of each list."""

    chunks: list[ArchivableChunk]


@dataclass(frozen=True, slots=True)
class ArchivedRows:
    """How many rows of lists left memory."""

    archived: int


@dataclass(frozen=True, slots=True)
class ArchivedReviews:
    """How many reviews left memory."""

    archived: int


@dataclass(frozen=True, slots=True)
class RecalledReviews:
    """How many archived reviews came back."""

    recalled: int


@dataclass(frozen=True, slots=True)
class NotedSegment:
    """The run of archived cases that is on the record now."""

    segment: str


@dataclass(frozen=True, slots=True)
class NotedDeletion:
    """The deletion that is on the record now, by its digest; empty: none is, somebody took one of the cases up again."""

    deletion: str


@dataclass(frozen=True, slots=True)
class OpenCases:
    """The cases that people have not finished with."""

    case_ids: list[str]
