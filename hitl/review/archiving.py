"""Settled cases leave the memory of their shard for the archive, and come back when somebody takes them up again.

A case is settled when all of its reviews are decided or withdrawn. What is kept of it there is every field of every review, so
that questions about it get the answers that they always got. The rows that its reviews have in lists stay in memory longer, and
leave by themselves (hitl.review.row_lists).
"""

from collections import ChainMap
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from dataclasses import fields as dataclass_fields
from typing import Any

from hitl.canonical import digest_of
from hitl.canonical_fast import canonical_fast, read_canonical
from hitl.machine.codec import decode
from hitl.machine.machine import Outcome
from hitl.review import questions as q
from hitl.review.commands import ArchiveCases, NoteCasesArchived, NoteCasesDeleted, RecallCase
from hitl.review.event_sources import ids_of
from hitl.review.find import case_of
from hitl.review.outcomes import reviews_of
from hitl.review.row_lists import ReadState, Walks, chunk_of
from hitl.review.show import show
from hitl.review.state import GONE, Review, ReviewState, ReviewStatus
from hitl.review.storage_events import CasesArchived, CasesDeleted, ReviewArchived, ReviewRecalled
from hitl.review.views import (
    ArchivableCase,
    ArchivableCases,
    ArchivedReviews,
    NotedDeletion,
    NotedSegment,
    OpenCases,
    RecalledReviews,
)

OVER = (ReviewStatus.DECIDED, ReviewStatus.WITHDRAWN)


def note_settled(state: ReviewState, review: Review, at: float) -> None:
    """Note, in place, that the case of ``review`` is settled since ``at``, or that it is not."""
    if review.status in OVER:
        state.settled.pop(review.case_id, None)
        if all(each.status in OVER for each in reviews_of(state, review.case_id)):
            state.settled[review.case_id] = at
    elif review.case_id in state.settled:
        del state.settled[review.case_id]


def archivable(state: ReviewState, question: q.Archivable) -> ArchivableCases:
    """Return the settled cases that may leave, oldest first, as they are to be kept."""
    needed, surplus = _needed(state), len(state.settled) - question.kept
    found: list[ArchivableCase] = []
    for number, (case_id, at) in enumerate(state.settled.items()):
        if len(found) == question.limit or (number >= surplus and at >= question.before):
            break
        if case_id not in needed:
            found.append(ArchivableCase(case_id, packed(reviews_of(state, case_id)).decode()))
    return ArchivableCases(found)


def archive(state: ReviewState, command: ArchiveCases) -> Outcome:
    """Archive each case whose reviews are still those of its digest."""
    needed = _needed(state)
    happened: list[ReviewArchived] = []
    for case_id, digest in command.cases:
        reviews = reviews_of(state, case_id)
        if case_id in state.settled and case_id not in needed and digest_of(packed(reviews)) == digest:
            happened += [ReviewArchived(**ids_of(review), digest=digest) for review in reviews]
    return Outcome(happened, ArchivedReviews(len(happened)))


def recall(state: ReviewState, command: RecallCase) -> Outcome:
    """Harmless for what is in memory."""
    absent = [row for row in command.reviews if row["review_id"] not in state.reviews]
    happened = [
        ReviewRecalled(case_id=row["case_id"], review_id=row["review_id"], task=row["task"], review=row) for row in absent
    ]
    return Outcome(happened, RecalledReviews(len(happened)))


def note_archived(command: NoteCasesArchived) -> Outcome:
    """On the record alone: no review changes."""
    event = CasesArchived(first=command.first, last=command.last, segment=command.segment, digest=command.digest)
    return Outcome([event], NotedSegment(command.segment))


def note_deleted(state: ReviewState, command: NoteCasesDeleted) -> Outcome:
    """Nothing happens where somebody took one of the cases up again meanwhile: its reviews are in memory."""
    if any(reviews_of(state, case_id) for case_id in command.reviewed):
        return Outcome([], NotedDeletion(""))
    fields = {each.name: getattr(command, each.name) for each in dataclass_fields(command)}
    return Outcome([CasesDeleted(**{**fields, "reviewed": list(command.reviewed)})], NotedDeletion(command.deletion))


def forget_deleted(state: ReviewState, event: CasesDeleted) -> None:
    """What the reviews of deleted cases were settled to goes, in place; every cursor stays where it was."""
    gone = set(event.reviewed)
    labels, examples = state.labels.get(event.task, []), state.examples.get(event.task, [])
    labels[:] = [GONE if case_of(each.review_id) in gone else each for each in labels]
    for ids in (examples, state.known_answers.get(event.task, [])):
        ids[:] = ["" if case_of(each) in gone else each for each in ids]


def in_memory(state: ReviewState, question: q.InMemory) -> OpenCases:
    """Return the cases with a review that has not left memory for the archive."""
    return OpenCases([case for case in question.case_ids if reviews_of(state, case)])


def open_among(state: ReviewState, question: q.OpenAmong) -> OpenCases:
    """Return the cases with a review that is not over; what left memory is."""
    return OpenCases([case for case in question.case_ids if any(each.status not in OVER for each in reviews_of(state, case))])


def forget(state: ReviewState, event: ReviewArchived) -> None:
    """The review leaves, in place."""
    review = state.reviews.pop(event.review_id)
    state.settled.pop(review.case_id, None)
    state.archived += 1
    state.archived_to = max(state.archived_to, review.position)


def bring_back(state: ReviewState, event: ReviewRecalled, at: float) -> None:
    """The review is as it was, in place; its case is settled anew from ``at``."""
    review = review_of(event.review)
    state.reviews[review.review_id] = review
    state.archived -= 1
    note_settled(state, review, at)


def packed(reviews: Iterable[Review]) -> bytes:
    """Return what is kept of a case: canonical JSON, an array of its reviews, oldest first."""
    return canonical_fast([show(review) for review in reviews])


def tombstone(case_id: str) -> bytes:
    """Return what is kept in the place of a deleted case, whose rows in archived lists are passed over."""
    return canonical_fast([{"case_id": case_id, "deleted": True}])


def unpacked(data: bytes) -> list[Review]:
    """Return the reviews that ``packed`` wrote."""
    return [review_of(row) for row in read_canonical(data)]


@dataclass(slots=True)
class Fetched:
    """What was read of the archive for one question: reviews by id, ids of deleted cases, chunks of lists by their names, and how
    far the question came through the lists."""

    reviews: dict[str, Review] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    chunks: dict[str, list[Any]] = field(default_factory=dict)
    walks: Walks = field(default_factory=dict)

    def add(self, more: "Fetched") -> None:
        """Add, in place, what was read after it: one question may read thousands of times, so nothing is copied or nested."""
        self.reviews |= more.reviews
        self.gone |= more.gone
        self.chunks |= more.chunks


def fetched(kept: Iterable[bytes]) -> Fetched:
    """Return what ``packed``, ``tombstone`` and hitl.review.row_lists wrote."""
    rows = [row for data in kept for row in read_canonical(data)]
    return Fetched(
        {row["review_id"]: review_of(row) for row in rows if "review_id" in row},
        {row["case_id"] for row in rows if "deleted" in row},
        dict(chunk_of(row) for row in rows if "list" in row),
    )


def review_of(shown: Mapping[str, Any]) -> Review:
    """Return the review that hitl.review.show told; shares nothing with ``shown``."""
    own = deepcopy(shown)
    return decode(Review, {**own, "drafts": [[who, draft] for who, draft in own["drafts"].items()]})


def beside(state: ReviewState, reviews: Iterable[Review]) -> ReviewState:
    """``state`` as it would be with ``reviews`` in it, for reading; what is in memory comes first."""
    return beside_all(state, Fetched({review.review_id: review for review in reviews}))


def beside_all(state: ReviewState, found: Fetched) -> ReadState:
    """As ``beside``, with all that was read of the archive. How far the question comes is noted in ``found``."""
    both = {each.name: getattr(state, each.name) for each in dataclass_fields(ReviewState)}
    both["reviews"] = ChainMap(state.reviews, found.reviews)
    return ReadState(**both, chunks=found.chunks, gone=found.gone, walks=found.walks)


def _needed(state: ReviewState) -> set[str]:
    """Cases that may be asked again: they are looked at whenever a review is opened."""
    return {state.reviews[review_id].case_id for pool in state.known.values() for review_id in pool}
