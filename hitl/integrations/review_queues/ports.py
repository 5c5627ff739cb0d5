"""A review queue of MLflow, as both ways need it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, Protocol

ItemStatus = Literal["pending", "complete", "declined"]


@dataclass(frozen=True, slots=True)
class QueuedTrace:
    """An item that waits: a trace with its ``inputs``, None where the trace is gone."""

    trace_id: str
    inputs: Any


@dataclass(frozen=True, slots=True)
class QueueVerdict:
    """An item of the queue. ``by`` ended it; ``labels`` are what people said, by their names in MLflow."""

    trace_id: str
    status: ItemStatus
    by: str | None
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LentReview:
    """A review as ``person``, who holds it, may see it. ``suggestion`` is None where there is no model, or the review is
    blind."""

    review_id: str
    person: str
    task: str
    features: Any
    suggestion: str | None
    opened_at: float

    @property
    def trace_id(self) -> str:
        return trace_of_review(self.review_id, self.person)


class ReviewQueue(Protocol):
    """One queue of one MLflow. Blocks; each call may be repeated and has one effect. Raises SinkAway while MLflow is away."""

    def pending(self) -> list[QueuedTrace]: ...

    def verdicts(self) -> list[QueueVerdict]:
        """Return every item of the queue."""
        ...

    def put(self, review: LentReview) -> None:
        """Write the review's trace, and attach it."""
        ...

    def settle(self, trace_id: str, label: str, reviewer: str, case_id: str) -> None:
        """Write what people decided here to the trace, and complete its item."""
        ...

    def reopen(self, trace_id: str) -> None:
        """Let an item that was ended wait again."""
        ...

    def remove(self, trace_ids: Collection[str]) -> None: ...


def trace_of_review(review_id: str, person: str) -> str:
    """MLflow's name of the trace of a review: derived, so that no table is needed. Each person has their own, since MLflow shows
    what others said of a trace.

    >>> trace_of_review("c1-1", "ann")
    'tr-157a3b17bc51cbfbb0eb928e5f325b1a'
    """
    return "tr-" + sha256(f"review\x00{review_id}\x00{person}".encode()).hexdigest()[:32]
