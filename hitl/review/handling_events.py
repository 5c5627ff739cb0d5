"""The events of reviews between their opening and their answer: leases, hand-overs, deadlines, failures."""

from msgspec import UNSET, UnsetType

from hitl.review.event_fields import AboutReview, GivenBack, Placed


class ReviewLeased(AboutReview, frozen=True, kw_only=True):
    """``reviewer`` holds the review for ``lease_s`` seconds. ``lease`` is one more with every grant of the shard; ``claim`` names
    a claim that was made over several shards."""

    lease: int
    reviewer: str
    lease_s: float
    claim: str | UnsetType = UNSET


class LeaseExpired(GivenBack, frozen=True, kw_only=True):
    """The holder let the lease end."""


class ReviewReleased(GivenBack, frozen=True, kw_only=True):
    """The holder gave the review back to its place."""

    reason: str


class ReviewEscalated(GivenBack, frozen=True, kw_only=True):
    """The holder handed the review to the task's experts."""

    reason: str


class ReviewSkipped(GivenBack, frozen=True, kw_only=True):
    """The holder gave the review back, not to get it again while others can take it."""

    reason: str


class ReviewDelegated(GivenBack, frozen=True, kw_only=True):
    """The holder handed the review to whom it is ``assigned`` now."""

    reason: str


class ReviewSentBack(GivenBack, frozen=True, kw_only=True):
    """An expert gave the review back to the ordinary queue."""

    reason: str


class ReviewFailed(GivenBack, frozen=True, kw_only=True):
    """The holder's client could not show the review (``render``) or broke on it (``crash``)."""

    kind: str
    detail: str


class ReviewQuarantined(AboutReview, frozen=True, kw_only=True):
    """So many failures were reported that nobody gets the review."""

    reason: str


class ReviewRequeued(AboutReview, frozen=True, kw_only=True):
    """A quarantined review waits again."""

    by: str
    reason: str


class ReviewWithdrawn(AboutReview, frozen=True, kw_only=True):
    """The case's input was erased, so that nobody can answer; ``lease`` is the one that its holder lost by it, if any."""

    by: str
    reason: str
    lease: int | None


class ReviewAssigned(Placed, frozen=True, kw_only=True):
    """Only whom it is ``assigned`` to may take the review; ``lease`` is the one that its holder lost by it, if any."""

    by: str
    reason: str
    lease: int | None


class ReviewDueSoon(AboutReview, frozen=True, kw_only=True):
    """Most of the time until ``due_at`` (UTC seconds) is over."""

    due_at: float


class ReviewOverdue(Placed, frozen=True, kw_only=True):
    """Nobody has answered before the deadline. A leased review moves when its holder gives it back."""

    reason: str


class DraftSaved(AboutReview, frozen=True, kw_only=True):
    """The holder's unfinished answer; ``draft`` has the form that their client gave it."""

    lease: int
    reviewer: str
    draft: dict[str, object]
