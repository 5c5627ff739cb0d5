"""Terms of retention: how long the cases of a task are kept."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from hitl.tasks.strict import Strict


class RetentionTerms(Strict):
    """How long cases are kept. After ``cases_days`` a finished case moves from the store to the archive (None: after
    HITL_CASES_HOURS); as cases leave the store in their order, the shortest time of all tasks holds for all. The cases of a UTC
    day are deleted ``archive_days`` after that day (None: never), with their inputs, files and reviews. What is on hold, or with
    people, stays until that is over."""

    cases_days: Annotated[float, Field(gt=0, le=3650)] | None = None
    archive_days: Annotated[int, Field(ge=1, le=36_500)] | None = None

    @model_validator(mode="after")
    def _the_archive_comes_second(self) -> Self:
        if self.cases_days is not None and self.archive_days is not None and self.archive_days < self.cases_days:
            raise ValueError("retention.archive_days: at least cases_days: cases are deleted from the archive")
        return self
