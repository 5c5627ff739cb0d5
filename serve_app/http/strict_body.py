"""The base of request bodies: values are not coerced, and unknown members are refused."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Lease = Annotated[int, Field(ge=1, le=2**53)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Comment = Annotated[str, Field(max_length=4_000)]
Reason = Annotated[str, Field(max_length=2_000, pattern=r"\S")]
"""Words that say why: not only spaces."""


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class WhyBody(Body):
    reason: Reason


class RollbackBody(Body):
    digest: Digest
    reason: Reason
