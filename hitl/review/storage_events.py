"""The events of reviews that leave memory for the archive, of those that come back, and of cases that leave the store."""

from typing import Literal

from hitl.machine.events import Event
from hitl.review.event_fields import AboutReview


class ReviewArchived(AboutReview, frozen=True, kw_only=True):
    """The review left; ``digest`` is the SHA-256 of what is kept of its case."""

    digest: str


class ReviewRecalled(AboutReview, frozen=True, kw_only=True):
    """The review came back; ``review`` has every field of the compared state, also those that later versions added."""

    review: dict[str, object]


class ReviewRowsArchived(Event, frozen=True, kw_only=True):
    """The first ``rows`` rows in memory of a list of settled reviews of ``task`` left: ``list`` is ``labels``, ``examples`` or
    ``known_answers``, ``first`` the place of the first of them in the whole list, ``digest`` the SHA-256 of what is kept."""

    task: str
    list: Literal["labels", "examples", "known_answers"]
    first: int
    rows: int
    digest: str


class CasesArchived(Event, frozen=True, kw_only=True):
    """The cases at positions ``first`` to ``last`` of the partition are in the archive, as ``segment``; ``digest`` is the SHA-256
    of the list of its files. They may leave the store from now on. It changes no review."""

    first: int
    last: int
    segment: str
    digest: str


class CasesDeleted(Event, frozen=True, kw_only=True):
    """``cases`` archived cases of ``task`` that came on the UTC day ``day`` are deleted, as the task's retention says: those of
    ``segment`` whose file had the SHA-256 ``digest``. ``kept`` cases of that file had to stay. ``deletion`` is the SHA-256 of
    what stays of the others: their places in the chains. ``reviewed`` are the ids of those that
    people looked at: their reviews had left memory, and what they were settled to goes."""

    day: str
    task: str
    segment: str
    cases: int
    kept: int
    digest: str
    deletion: str
    reviewed: list[str]
