"""The history for auditors: every entry as a line of JSON, and the compliance report of a period."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from hitl.canonical import canonical
from hitl.errors import NotFound
from hitl.identity import Principal, Role
from serve_app.edge.strict_route import StrictRoute
from serve_app.review.audit import Keep, bounds, compliance, consequences_of, trail
from serve_app.review.context import AnyCaller, PortsOf

router = APIRouter(prefix="/v1/audit", tags=["audit"], route_class=StrictRoute)

FromDay = Annotated[date | None, Query(alias="from", description="the first UTC day, e.g. 2026-01-01")]
Day = Annotated[date | None, Query(description="the last UTC day")]


class Asked(BaseModel):
    """Which rows. ``after`` is the last seq of the page before, in ``shard``."""

    model_config = ConfigDict(extra="forbid")

    first: Annotated[date | None, Field(alias="from", description="the first UTC day, e.g. 2026-01-01")] = None
    to: Annotated[date | None, Field(description="the last UTC day")] = None
    subject: Annotated[str | None, Field(max_length=200, description="a case, approval, interaction or workflow")] = None
    shard: str | None = None
    after: Annotated[int, Field(ge=0)] = 0
    limit: Annotated[int | None, Field(ge=1, le=10_000)] = None


@router.get("", summary="Every entry as JSON Lines, with what was seen and what followed (operator, of their tasks)")
async def audit(ports: PortsOf, caller: AnyCaller, asked: Annotated[Asked, Query()]) -> StreamingResponse:
    """The whole history of every shard is verified before the first line leaves."""
    caller.principal.require("read the audit trail", Role.OPERATOR)
    journals = ports.records.journals
    if asked.shard is not None and asked.shard not in journals:
        raise NotFound("shard", asked.shard)
    chosen = journals if asked.shard is None else {asked.shard: journals[asked.shard]}
    keep = _keeps(caller.principal, bounds(asked.first, asked.to), asked.subject, asked.after)
    followed = {name: await consequences_of(name, journal) for name, journal in chosen.items()}
    return StreamingResponse(_lines(trail(chosen, followed, keep), asked.limit), media_type="application/x-ndjson")


@router.get("/report", summary="Flagged cases of a period and what became of them, by task (operator, of their tasks)")
async def report(ports: PortsOf, caller: AnyCaller, from_day: FromDay = None, to: Day = None) -> dict[str, Any]:
    caller.principal.require("read the audit trail", Role.OPERATOR)
    tasks = await compliance(ports.records.journals, *bounds(from_day, to))
    return {"from": from_day, "to": to, "tasks": {task: rows for task, rows in tasks.items() if caller.principal.sees(task)}}


def _keeps(person: Principal, period: tuple[float, float], subject: str | None, after: int) -> Keep:
    def keeps(row: dict[str, Any]) -> bool:
        is_theirs = not person.tasks or (bool(row["tasks"]) and all(person.sees(task) for task in row["tasks"]))
        is_asked = subject is None or subject in row["subjects"]
        return is_theirs and is_asked and row["seq"] > after and period[0] <= row["at"] < period[1]

    return keeps


async def _lines(rows: AsyncIterator[dict[str, Any]], limit: int | None) -> AsyncIterator[bytes]:
    count = 0
    async for row in rows:
        yield canonical(row) + b"\n"
        count += 1
        if count == limit:
            return
