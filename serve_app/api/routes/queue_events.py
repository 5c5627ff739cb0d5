"""What happens in a queue, as it happens: server-sent events with a cursor to come back with."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from hitl.errors import InvalidRequest
from hitl.identity import Principal
from serve_app.api.live.event_stream import EventStream, while_allowed
from serve_app.api.live.queue_stream import Cursor, QueueMessage, queue_messages
from serve_app.api.routes.queues import queue_task
from serve_app.api.services.callers import reauthenticate
from serve_app.api.services.context import AnyCaller, ApiPorts, PortsOf
from serve_app.api.services.strict_route import StrictRoute

router = APIRouter(tags=["queues"], route_class=StrictRoute)

POSITION = re.compile(r"\d{0,15}")
CursorText = Annotated[str | None, Query(max_length=1024, description="the id of the last event")]


@router.get(
    "/v1/queues/{queue}/events",
    summary="What comes to the queue and leaves it, as server-sent events (who may claim there)",
    response_class=StreamingResponse,
)
async def stream_queue_events(
    queue: str, request: Request, ports: PortsOf, caller: AnyCaller, cursor: CursorText = None
) -> EventStream:
    """``review_new``, ``review_withdrawn``, ``lease_lost`` (to whoever held it) and ``resync`` (some are too old: read the queue
    anew). Who comes back with ``Last-Event-ID`` or ``cursor`` misses nothing; without, it starts now. It ends when the caller may
    no longer claim there."""
    queue_task(ports, caller, queue)

    async def who() -> Principal:
        person = await reauthenticate(ports, caller.principal, request.headers.get("authorization"))
        queue_task(ports, replace(caller, principal=person), queue)
        return person

    start = _positions(request.headers.get("last-event-id") or cursor, ports)
    stream = queue_messages(ports.shards, queue, who, start)
    return EventStream(while_allowed(_as_events(stream)), caller.principal.id, request.app.state.feed.held)


def _positions(text: str | None, ports: ApiPorts) -> Cursor:
    """A cursor from before partitions were added has seen nothing of these. Raises InvalidRequest for one that is not ours."""
    if not text:
        return [None] * ports.partitions
    parts = text.split(".")
    if len(parts) not in ports.partitioning.counts or not all(POSITION.fullmatch(part) for part in parts):
        raise InvalidRequest("query cursor", "the id of an event of this stream")
    seen = [int(part) if part else None for part in parts]
    return seen + [0] * (ports.partitions - len(seen))


async def _as_events(stream: AsyncIterator[QueueMessage]) -> AsyncIterator[str]:
    async for message in stream:
        name = f"id: {message['cursor']}\n" if message["cursor"] else ""
        yield f"{name}event: {message['type']}\ndata: {json.dumps(message['data'])}\n\n"
