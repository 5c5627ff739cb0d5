"""The inbox of the person who asks, and their own read marks."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from hitl.outbox.inbox import addresses_of, is_for
from serve_app.api.services.context import AnyCaller, KeyedCaller, PortsOf
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.inbox import InboxPage, ReadNotices
from serve_app.http.strict_body import Body

router = APIRouter(prefix="/v1/inbox", tags=["inbox"], route_class=StrictRoute)

Limit = Annotated[int, Query(ge=1, le=500)]


class ReadBody(Body):
    """The ids of notices that were read."""

    ids: Annotated[list[Annotated[str, Field(min_length=1, max_length=300)]], Field(min_length=1, max_length=500)]


@router.get("", summary="What was sent to the caller and to their roles, newest first (anybody, their own)")
async def show_inbox(ports: PortsOf, caller: AnyCaller, limit: Limit = 100, unread: bool = False) -> InboxPage:
    found = await ports.records.inbox.notices(addresses_of(caller.principal), caller.principal.id, limit)
    mine = [notice for notice in found if is_for(caller.principal, notice)]
    shown = [notice for notice in mine if not (unread and notice.is_read)]
    return InboxPage(shown, sum(not notice.is_read for notice in mine))


@router.post("/read", summary="Mark notices as read (anybody, their own)")
async def mark_inbox_read(body: ReadBody, ports: PortsOf, caller: KeyedCaller) -> ReadNotices:
    await ports.records.inbox.mark_read(caller.principal.id, body.ids)
    return ReadNotices(body.ids)
