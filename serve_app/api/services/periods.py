"""A time in the query of figures: `since` and `until`, in UTC seconds."""

from typing import Annotated

from fastapi import Depends, Query

from hitl.errors import InvalidRequest
from hitl.quality.period import Period, rounded
from serve_app.api.services.context import PortsOf

Moment = Annotated[float | None, Query(ge=0, le=1e12, allow_inf_nan=False)]


def asked_period(
    ports: PortsOf,
    since: Annotated[Moment, Query(description="only cases that came then or later; without both: of all time")] = None,
    until: Annotated[Moment, Query(description="only cases that came before")] = None,
) -> Period | None:
    """Return the time that is asked about, None for all of it. Raises InvalidRequest where it ends before it begins."""
    if since is None and until is None:
        return None
    now = ports.wall()
    begin, end = since or 0.0, now if until is None else until
    if begin >= end:
        raise InvalidRequest("query until", "a time after `since`")
    return rounded(begin, end, now)


AskedPeriod = Annotated[Period | None, Depends(asked_period)]
