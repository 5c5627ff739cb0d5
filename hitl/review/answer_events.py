"""What an answer says, from the command to the state: its events, their fields, and what a review keeps of it.

``value`` is what a person answered where the task's answers are values, sealed where the task is; ``label`` stands for it, and
``differs`` names the fields in which it is not the declared one; ``corrected_parts`` has, by part of the value that is not as
declared (a field, or a label of a set), a keyed digest of what this person says of it; ``near_answers`` are the labels of
earlier answers to the review that lie within the tolerance of this number. Fields with a default are absent in older entries.
"""

from typing import TypedDict

from msgspec import UNSET, UnsetType, field

from hitl.canonical import JsonObject
from hitl.review.commands import Decide
from hitl.review.event_fields import AboutReview, GivenBack, SeenByReviewer
from hitl.review.state import Purpose, Review


class ReviewAnswered(GivenBack, frozen=True, kw_only=True):
    """One answer that does not end the review: it waits for another person, best for ``preferred``, or for an expert."""

    label: str
    confidence: float
    comment: str
    is_expert: bool | UnsetType = UNSET
    seen: SeenByReviewer | UnsetType = UNSET
    preferred: str | None | UnsetType = UNSET
    value: JsonObject | UnsetType = UNSET
    differs: list[str] | UnsetType = UNSET
    corrected_parts: dict[str, str] | UnsetType = UNSET
    near_answers: list[str] | UnsetType = UNSET


class ReviewDecided(AboutReview, frozen=True, kw_only=True):
    """The answer that ends the review, with the ``label`` that all of its answers come to; ``answer`` is this person's own.

    ``agreement`` is the share of ``reviewers`` that says ``label`` or, where it is their median, lies near it, in (0, 1];
    ``posterior`` the probability of each label where consensus settled it; ``agrees_with_model`` None where no model had said
    anything. Until ``final_at`` (UTC seconds) it can be undone; one without ``final_at`` is final at once.
    """

    lease: int
    reviewer: str
    label: str
    confidence: float
    comment: str
    agrees_with_model: bool | None
    answer: str | UnsetType = UNSET
    is_expert: bool | UnsetType = UNSET
    seen: SeenByReviewer | UnsetType = UNSET
    reviewers: list[str] | UnsetType = UNSET
    agreement: float | UnsetType = UNSET
    posterior: dict[str, float] | None | UnsetType = UNSET
    final_at: float | UnsetType = UNSET
    value: JsonObject | UnsetType = UNSET
    differs: list[str] | UnsetType = UNSET
    corrected_parts: dict[str, str] | UnsetType = UNSET
    near_answers: list[str] | UnsetType = UNSET


class KnownAnswered(AboutReview, frozen=True, kw_only=True):
    """The answer to a case whose answer is known: it ends the review, whatever it says."""

    lease: int
    reviewer: str
    label: str
    confidence: float
    comment: str
    is_expert: bool
    seen: SeenByReviewer
    agrees_with_model: bool | None
    value: JsonObject | UnsetType = UNSET
    differs: list[str] | UnsetType = UNSET
    corrected_parts: dict[str, str] | UnsetType = UNSET
    near_answers: list[str] | UnsetType = UNSET


class DecisionUndone(AboutReview, frozen=True, kw_only=True):
    """The answer is taken back, and its giver holds the review again for ``lease_s`` seconds."""

    lease: int
    reviewer: str
    lease_s: float
    reason: str


class DecisionFinal(AboutReview, frozen=True, kw_only=True):
    """The decision counts from now on. ``is_outcome``: the case had no other outcome before. Where the model decided parts of the
    answer by itself, ``model_parts`` are those that stand, and ``overridden_parts`` those that people changed."""

    label: str
    reviewers: list[str]
    agrees_with_model: bool | None
    purpose: Purpose
    client: str
    is_outcome: bool
    model_parts: list[str] | UnsetType = UNSET
    overridden_parts: list[str] | UnsetType = UNSET


class DecisionSuperseded(AboutReview, frozen=True, kw_only=True):
    """The case's outcome is ``to`` from now on, in place of ``before``."""

    before: str | None = field(name="from")
    to: str
    by: str
    reason: str
    client: str


class DecidedParts(TypedDict):
    """Of DecisionFinal."""

    model_parts: list[str] | UnsetType
    overridden_parts: list[str] | UnsetType


class AnswerFields(TypedDict):
    """What every answer says beside its label."""

    lease: int
    reviewer: str
    confidence: float
    comment: str
    is_expert: bool
    seen: SeenByReviewer
    value: JsonObject | UnsetType
    differs: list[str] | UnsetType
    corrected_parts: dict[str, str] | UnsetType
    near_answers: list[str] | UnsetType


def answer_fields(review: Review, command: Decide) -> AnswerFields:
    return {
        "lease": command.lease,
        "reviewer": command.reviewer,
        "confidence": float(command.confidence),
        "comment": command.comment,
        "is_expert": review.is_with_experts,
        "seen": _seen(review),
        "value": UNSET if command.value is None else command.value,
        "differs": UNSET if command.differs is None else command.differs,
        "corrected_parts": command.corrected_parts or UNSET,
        "near_answers": [*command.median.near_last] if command.median else UNSET,
    }


def kept_answer(event: ReviewAnswered | ReviewDecided | KnownAnswered, at: float) -> JsonObject:
    """Return what the review keeps of an answer: this person's own label, which need not be that of the decision."""
    own = event.answer if isinstance(event, ReviewDecided) else UNSET
    kept: JsonObject = {
        "reviewer": event.reviewer,
        "label": event.label if own is UNSET else own,
        "confidence": event.confidence,
        "comment": event.comment,
        "is_expert": event.is_expert is True,
        "at": at,
    }
    if event.differs is not UNSET:
        kept["differs"] = [*event.differs]
    if event.corrected_parts is not UNSET:
        kept["corrected_parts"] = {**event.corrected_parts}
    if event.near_answers is not UNSET:
        kept["near_answers"] = [*event.near_answers]
    return kept


def _seen(review: Review) -> SeenByReviewer:
    return SeenByReviewer(
        digest=review.payload_digest,
        model_version=review.model_version,
        policy_version=review.policy_version,
        opened_at=review.opened_at,
        granted_at=review.lease.granted_at if review.lease else None,
        due_at=review.due_at,
    )
