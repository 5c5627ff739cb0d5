"""The bodies that the review application reads: nothing is coerced, nothing unknown is taken."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Lease = Annotated[int, Field(ge=1, le=2**53)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Comment = Annotated[str, Field(max_length=4_000)]
Reason = Annotated[str, Field(max_length=2_000, pattern=r"\S")]
"""Words that say why: not only spaces."""


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class ClaimBody(Body):
    """``lease_s`` is how long the claim holds without a heartbeat; None: the task's own."""

    lease_s: Annotated[float, Field(gt=0, le=86_400)] | None = None


class HeartbeatBody(Body):
    lease: Lease


class DecisionBody(Body):
    """``label`` is the true label of the case in the reviewer's eyes, never "the model is right"."""

    lease: Lease
    label: Annotated[str, Field(max_length=200)]
    confidence: Annotated[float, Field(ge=0, le=1)] = 1.0
    comment: Comment = ""


class ReleaseBody(Body):
    lease: Lease
    reason: Comment = ""


class EscalateBody(Body):
    lease: Lease
    reason: Reason


class WhyBody(Body):
    reason: Reason


class RollbackBody(Body):
    digest: Digest
    reason: Reason
