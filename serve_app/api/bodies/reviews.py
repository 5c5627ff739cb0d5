"""Request bodies of reviews."""

from collections.abc import Callable
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from hitl.answers.median import MedianAnswer
from hitl.canonical import JsonObject
from hitl.review.claiming import MAX_CLAIMED
from hitl.review.commands import Decide
from hitl.tasks.people_terms import MAX_LEASE_S
from serve_app.http.strict_body import Body, Comment, Lease, Reason

Label = Annotated[str, Field(max_length=200)]
Target = Annotated[str, Field(pattern=r"^(person|role|skill):[^\s:][^\s]{0,199}$")]
"""Who alone may take a review."""


class LabelAndValue(NamedTuple):
    """An answer as it is stored. ``value`` is None where the answer is a label to which nothing was added, or the declared value;
    ``differs`` names the fields in which the answer is not what was declared, None where answers are labels.
    ``corrected_parts`` has a digest of what was given by each part that is not as declared, None where a value is one part.
    ``median`` is that of the review's answers with this one, where they are numbers."""

    label: str
    value: JsonObject | None = None
    differs: list[str] | None = None
    corrected_parts: dict[str, str] | None = None
    median: MedianAnswer | None = None


class ClaimBody(Body):
    """``lease_s`` is how long the claim holds without a heartbeat, None: the task's own; ``count`` how many to take at once."""

    lease_s: Annotated[float, Field(gt=0, le=MAX_LEASE_S)] | None = None
    count: Annotated[int, Field(ge=1, le=MAX_CLAIMED)] = 1


class HeartbeatBody(Body):
    lease: Lease


class DecisionBody(Body):
    """``label`` is the true label of the case in the reviewer's eyes, never "the model is right". Where the task's answers are
    values, ``value`` is the true one in the place of a label: all fields of a document, a set of ``labels``, a ``number``. Beside
    the label of a rejection it may have ``reasons`` and a ``correction``."""

    lease: Lease
    label: Annotated[str, Field(max_length=200)] = ""
    value: dict[str, str | int | float | list[str] | None] | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] = 1.0
    comment: Comment = ""

    def command(self, review_id: str, reviewer: str, seal: Callable[[str], str], said: LabelAndValue) -> Decide:
        """Return the answer of ``reviewer``, with their words as ``seal`` stores them, and what they ``said`` as it is stored."""
        return Decide(review_id, self.lease, reviewer, confidence=self.confidence, comment=seal(self.comment), **said._asdict())


class ReleaseBody(Body):
    lease: Lease
    reason: Comment = ""


class EscalateBody(Body):
    lease: Lease
    reason: Reason


class SkipBody(Body):
    lease: Lease
    reason: Reason


class DelegateReviewBody(Body):
    lease: Lease
    to: Target
    reason: Comment = ""


class SendBackBody(Body):
    lease: Lease
    reason: Reason


class DraftBody(Body):
    """``draft`` is any JSON object: what the person has entered so far."""

    lease: Lease
    draft: JsonObject


class ReviewFailureBody(Body):
    """``render``: the client could not show the review; ``crash``: it broke on it."""

    lease: Lease
    kind: Literal["render", "crash"]
    detail: Comment = ""


class UndoBody(Body):
    reason: Comment = ""


class AmendBody(Body):
    label: Label
    reason: Reason


class ReopenBody(Body):
    """``to`` alone may take the new review, None: anybody of its queue; ``to_experts`` puts it into the experts' queue."""

    reason: Reason
    to: Target | None = None
    to_experts: bool = False


class AssignBody(Body):
    """``to`` None lifts an assignment."""

    to: Target | None
    reason: Comment = ""


class RequeueBody(Body):
    reason: Comment = ""
