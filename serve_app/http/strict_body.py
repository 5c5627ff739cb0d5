"""The base of request bodies: values are not coerced, and unknown members are refused."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from hitl.tasks.strict import Digest
from hitl.text_limits import MAX_REASON, MAX_TEXT

Lease = Annotated[int, Field(ge=1, le=2**53)]
Comment = Annotated[str, Field(max_length=MAX_TEXT)]
Reason = Annotated[str, Field(max_length=MAX_REASON, pattern=r"\S")]
"""Words that say why: not only spaces."""


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class WhyBody(Body):
    reason: Reason


DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


class HoldBody(Body):
    """``until`` is UTC seconds, up to the year 9999."""

    until: Annotated[float, Field(ge=0, le=253_402_300_799)]
    reason: Reason


class HoldDaysBody(Body):
    """The cases of ``task`` that came on the UTC days ``first_day`` to ``last_day``; ``until`` is UTC seconds, up to the year
    9999."""

    task: Annotated[str, Field(min_length=1, max_length=64)]
    first_day: Annotated[str, Field(pattern=DAY)]
    last_day: Annotated[str, Field(pattern=DAY)]
    until: Annotated[float, Field(ge=0, le=253_402_300_799)]
    reason: Reason


class RollbackBody(Body):
    digest: Digest
    reason: Reason
