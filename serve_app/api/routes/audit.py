"""The history for auditors: every entry as a line of JSON, and the compliance report of a period."""

from collections.abc import AsyncIterator
from datetime import date
from heapq import heappop, heappush
from operator import itemgetter
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from hitl.audit import AuditRow
from hitl.canonical import canonical
from hitl.errors import ChainBroken, NotFound
from hitl.identity import Principal, Role
from hitl.journal import Journal
from hitl.journal.entry import GENESIS
from serve_app.api.services.audit import Keep, bounds, compliance, consequences_of, trail, verified_in_turns
from serve_app.api.services.context import AnyCaller, PortsOf
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.audit import ComplianceReport, VerifiedChain, VerifiedChains

router = APIRouter(prefix="/v1/audit", tags=["audit"], route_class=StrictRoute)

FromDay = Annotated[date | None, Query(alias="from", description="the first UTC day, e.g. 2026-01-01")]
Day = Annotated[date | None, Query(description="the last UTC day")]


class JsonLines(StreamingResponse):
    """One JSON object a line."""

    media_type = "application/x-ndjson"


class AuditQuery(BaseModel):
    """Which rows. ``after`` is the last seq of the page before, in ``shard``; ``last`` leaves only the newest, by their time."""

    model_config = ConfigDict(extra="forbid")

    first: Annotated[date | None, Field(alias="from", description="the first UTC day, e.g. 2026-01-01")] = None
    to: Annotated[date | None, Field(description="the last UTC day")] = None
    subject: Annotated[str | None, Field(max_length=200, description="a case, approval, interaction or workflow")] = None
    by: Annotated[str | None, Field(max_length=200, description="who did it")] = None
    shard: str | None = None
    last: Annotated[int | None, Field(ge=1, le=1_000)] = None
    after: Annotated[int, Field(ge=0)] = 0
    limit: Annotated[int | None, Field(ge=1, le=10_000)] = None


@router.get(
    "",
    summary="Every entry as JSON Lines, with what was seen and what followed (operator, of their tasks)",
    response_class=JsonLines,
)
async def export_audit(ports: PortsOf, caller: AnyCaller, asked: Annotated[AuditQuery, Query()]) -> JsonLines:
    """The whole history of every shard is verified before the first line leaves."""
    caller.principal.require("read the audit trail", Role.OPERATOR)
    journals = ports.records.journals
    if asked.shard is not None and asked.shard not in journals:
        raise NotFound("shard", asked.shard)
    chosen = journals if asked.shard is None else {asked.shard: journals[asked.shard]}
    keep = _keeps(caller.principal, bounds(asked.first, asked.to), asked)
    followed = {name: await consequences_of(name, journal) for name, journal in chosen.items()}
    rows = trail(chosen, followed, keep)
    shown = rows if asked.last is None else _newest(rows, asked.last)
    return JsonLines(_lines(shown, asked.limit))


@router.get("/verify", summary="Every chain walked from its beginning (operator)")
async def walk_audit(ports: PortsOf, caller: AnyCaller) -> VerifiedChains:
    caller.principal.require("read the audit trail", Role.OPERATOR)
    return VerifiedChains([await _walked(name, journal) for name, journal in ports.records.journals.items()])


@router.get("/report", summary="Flagged cases of a period and what became of them, by task (operator, of their tasks)")
async def show_audit_report(ports: PortsOf, caller: AnyCaller, from_day: FromDay = None, to: Day = None) -> ComplianceReport:
    caller.principal.require("read the audit trail", Role.OPERATOR)
    tasks = await compliance(ports.records.journals, *bounds(from_day, to))
    return ComplianceReport(from_day, to, {task: rows for task, rows in tasks.items() if caller.principal.sees(task)})


async def _walked(shard: str, journal: Journal) -> VerifiedChain:
    entries, head = 0, GENESIS
    try:
        async for entry in verified_in_turns(shard, journal):
            entries, head = entry.seq, entry.hash
    except ChainBroken as broken:
        return VerifiedChain(shard, False, broken.seq - 1, None, str(broken))
    return VerifiedChain(shard, True, entries, head, None)


async def _newest(rows: AsyncIterator[AuditRow], count: int) -> AsyncIterator[AuditRow]:
    """Yield the last ``count`` rows by their time, over all shards."""
    kept: list[tuple[float, str, int, AuditRow]] = []
    async for row in rows:
        heappush(kept, (row["at"], row["shard"], row["seq"], row))
        if len(kept) > count:
            heappop(kept)
    for *_, row in sorted(kept, key=itemgetter(0, 1, 2)):
        yield row


def _keeps(person: Principal, period: tuple[float, float], asked: AuditQuery) -> Keep:
    """Make the filter of the rows that were asked for and that ``person`` may see. From who is bound to tasks it hides the rows
    of no task, and those that are also about another one."""

    def keeps(row: AuditRow) -> bool:
        is_theirs = not person.tasks or (bool(row["tasks"]) and all(person.sees(task) for task in row["tasks"]))
        is_asked = asked.subject in (None, *row["subjects"]) and asked.by in (None, row["by"])
        return is_theirs and is_asked and row["seq"] > asked.after and period[0] <= row["at"] < period[1]

    return keeps


async def _lines(rows: AsyncIterator[AuditRow], limit: int | None) -> AsyncIterator[bytes]:
    count = 0
    async for row in rows:
        yield canonical(row) + b"\n"
        count += 1
        if count == limit:
            return
