"""Find cases by what is known of them, newest first, a page at a time."""

import asyncio
import math
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from hitl.errors import InvalidRequest
from hitl.identity import Principal, Role
from hitl.machine.shards import review_shards
from hitl.review import FindCases
from hitl.review.searching import Key, key_of
from hitl.review.views import FoundCase, FoundCases
from serve_app.api.services.context import AnyCaller, ApiPorts, PortsOf
from serve_app.api.services.finding import viewer_of, works_on
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.cases import CasePage

router = APIRouter(tags=["cases"], route_class=StrictRoute)

PEOPLE = (Role.REVIEWER, Role.EXPERT, Role.OPERATOR)

Status = Literal["waiting", "leased", "provisional", "decided", "quarantined", "withdrawn"]
Name = Annotated[str | None, Field(max_length=200)]


class CaseQuery(BaseModel):
    """Which cases; what is left out leaves out nothing."""

    model_config = ConfigDict(extra="forbid")

    task: Name = None
    status: Status | None = None
    label: Annotated[str | None, Field(max_length=200, description="the outcome that stands")] = None
    prediction: Annotated[str | None, Field(max_length=200, description="what the model says")] = None
    reviewer: Annotated[str | None, Field(max_length=200, description="who gave the outcome")] = None
    prefix: Annotated[str, Field(pattern="^[a-z2-7]{0,26}$", description="how the case's id begins")] = ""
    since: Annotated[float | None, Field(ge=0, le=1e12, allow_inf_nan=False, description="opened then or later")] = None
    until: Annotated[float | None, Field(ge=0, le=1e12, allow_inf_nan=False, description="opened before")] = None
    cursor: Annotated[str, Field(max_length=80, description="`next` of the page before")] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 50


@router.get("/v1/cases", summary="Cases that people have seen or will see, by what is known of them (reviewer, expert, operator)")
async def list_cases(ports: PortsOf, caller: AnyCaller, asked: Annotated[CaseQuery, Query()]) -> CasePage:
    """Newest first. What a blind review hides from the caller is hidden here too, and no filter finds it. A page may hold fewer
    than ``limit`` cases, or none, while ``next`` is there: ask on. Archived cases are found by their whole id alone."""
    caller.principal.require("see cases", *PEOPLE)
    question = _question(ports, caller.principal, asked)
    parts = await asyncio.gather(*(ports.shards.ask(shard, question) for shard in review_shards(ports.partitions)))
    page, last = _first(parts, asked.limit)
    return CasePage([case for case in page if caller.principal.claims_from(case.queue)], None if last is None else _write(last))


def _question(ports: ApiPorts, person: Principal, asked: CaseQuery) -> FindCases:
    return FindCases(
        tasks=frozenset(name for name in ports.tasks if works_on(person, name) and asked.task in (None, name)),
        viewer=viewer_of(person),
        before=_read(asked.cursor),
        **asked.model_dump(exclude={"task", "cursor"}),
    )


def _first(parts: list[FoundCases], limit: int) -> tuple[list[FoundCase], Key | None]:
    """Return the newest cases of all shards, and the place behind which the next page begins (None: there is none). What lies
    behind the place where one shard stopped looking is for the next page: that shard may have newer ones."""
    until = max((part.until for part in parts if part.until is not None), default=None)
    found = sorted((case for part in parts for case in part.cases), key=key_of, reverse=True)
    page = [case for case in found if until is None or key_of(case) >= until][:limit]
    return page, key_of(page[-1]) if len(page) == limit else until


def _write(key: Key) -> str:
    return f"{key[0]!r}~{key[1]}"


def _read(cursor: str) -> Key | None:
    """Raises InvalidRequest for what is no cursor of a page."""
    if not cursor:
        return None
    at, _, case_id = cursor.partition("~")
    try:
        key = (float(at), case_id)
    except ValueError:
        key = (math.nan, "")
    if not math.isfinite(key[0]):
        raise InvalidRequest("query cursor", "send `next` of the page before as it was, or none")
    return key
