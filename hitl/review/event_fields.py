"""Fields that the events of reviews have in common, as docs/journal.md tells them."""

import msgspec
from msgspec import UNSET, UnsetType

from hitl.machine.events import Event
from hitl.routing.action import Priority


class AboutReview(Event, frozen=True, kw_only=True):
    """Base of all of them: which review, of which case."""

    case_id: str
    review_id: str
    task: str


class Placed(AboutReview, frozen=True, kw_only=True):
    """Base of those after which the review waits in ``queue``, so that a replay needs no rule and no configuration.

    ``escalation`` is why it went to the experts, ``assigned`` who alone may take it; older entries lack both.
    """

    queue: str
    priority: Priority
    escalation: str | None | UnsetType = UNSET
    assigned: str | None | UnsetType = UNSET


class GivenBack(Placed, frozen=True, kw_only=True):
    """Base of those by which ``reviewer`` no longer holds the review under ``lease``."""

    lease: int
    reviewer: str


class SeenByReviewer(msgspec.Struct, frozen=True, kw_only=True):
    """What a person had before them when they answered; with the entry's time, how long they looked. Times are UTC seconds."""

    digest: str
    model_version: str | None
    policy_version: str
    opened_at: float
    granted_at: float | None
    due_at: float


class KnownTruth(msgspec.Struct, frozen=True, kw_only=True):
    """The right ``label`` of a case that is asked again, with the ``probability`` that it was drawn with; ``suggested`` was shown
    as the model's answer, None where nothing was."""

    label: str
    probability: float
    suggested: str | None
