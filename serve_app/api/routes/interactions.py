"""Interactions: steps of pipelines that wait for people."""

import json
import uuid
from collections.abc import AsyncIterator
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from hitl.canonical import to_plain
from hitl.identity import Principal
from hitl.machine.shards import WORKFLOW
from hitl.workflow.commands import AnswerInteraction, CancelInteraction
from hitl.workflow.opening import topic_of
from hitl.workflow.questions import InteractionOf, ListInteractions, PendingOf
from hitl.workflow.show import step_answer
from hitl.workflow.views import AnsweredInteraction, InteractionList, InteractionView, PendingInteractions
from serve_app.api.bodies.workflows import AnswerBody, OpenBody, ReasonBody
from serve_app.api.live.event_stream import EventStream, while_allowed
from serve_app.api.live.messages import LiveMessage
from serve_app.api.live.stream import messages
from serve_app.api.services.callers import reauthenticate
from serve_app.api.services.context import AnyCaller, KeyedCaller, PortsOf
from serve_app.api.services.step_opening import open_step
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.interactions import StepAnswer

router = APIRouter(prefix="/v1/interactions", tags=["interactions"], route_class=StrictRoute)

Status = Literal["pending", "completed", "expired", "cancelled"]
Wait = Annotated[float, Query(ge=0, le=60, allow_inf_nan=False, description="seconds to wait for the end")]
Cursor = Annotated[int | None, Query(ge=0, le=10**15)]
Limit = Annotated[int, Query(ge=1, le=1000)]


@router.post("", status_code=201, summary="Pause a step until people answer (client, trainer, operator)")
async def open_interaction(body: OpenBody, ports: PortsOf, caller: KeyedCaller, response: Response) -> StepAnswer:
    opened = await open_step(ports, caller, body, body.id or str(uuid.uuid4()))
    found = await ports.shards.ask(WORKFLOW, InteractionOf(opened.interaction_id, caller.principal))
    response.headers["location"] = f"/v1/interactions/{opened.interaction_id}"
    return StepAnswer(**step_answer(found))


@router.get("", summary="Interactions that the caller may see, newest first (any person)")
async def list_interactions(
    ports: PortsOf, caller: AnyCaller, status: Status | None = None, pattern: str | None = None, limit: Limit = 100
) -> InteractionList:
    return await ports.shards.ask(WORKFLOW, ListInteractions(caller.principal, status, pattern, limit))


@router.get("/pending", summary="What waits for the caller, oldest first (any person)")
async def list_pending_interactions(ports: PortsOf, caller: AnyCaller) -> PendingInteractions:
    return await ports.shards.ask(WORKFLOW, PendingOf(caller.principal))


@router.get(
    "/events", summary="Live updates as server-sent events, from a cursor on (any person)", response_class=StreamingResponse
)
async def stream_interactions(request: Request, ports: PortsOf, caller: AnyCaller, cursor: Cursor = None) -> EventStream:
    """Each event's id is its cursor: a client that comes back with ``Last-Event-ID`` or ``cursor`` misses nothing."""
    resumed = request.headers.get("last-event-id", "")
    start = int(resumed) if resumed.isascii() and resumed.isdigit() and len(resumed) <= 15 else cursor

    async def who() -> Principal:
        return await reauthenticate(ports, caller.principal, request.headers.get("authorization"))

    stream = messages(ports.shards, request.app.state.feed, who, start, ())
    return EventStream(while_allowed(_as_events(stream)), caller.principal.id, request.app.state.feed.held)


@router.get(
    "/{interaction_id}", summary="One interaction with its form, answers and tally (who opened it, who is asked, operator)"
)
async def show_interaction(interaction_id: str, ports: PortsOf, caller: AnyCaller, wait: Wait = 0.0) -> InteractionView:
    question = InteractionOf(interaction_id, caller.principal)
    if not wait:
        return await ports.shards.ask(WORKFLOW, question)
    return await ports.shards.wait(WORKFLOW, topic_of(interaction_id), question, wait)


@router.post("/{interaction_id}/answer", summary="Answer by the interaction's form (who is asked)")
async def answer_interaction(interaction_id: str, body: AnswerBody, ports: PortsOf, caller: KeyedCaller) -> AnsweredInteraction:
    command = AnswerInteraction(interaction_id, caller.principal, body.user_input)
    return await ports.shards.submit(WORKFLOW, caller.envelope(command, body.model_dump()))


@router.post("/{interaction_id}/cancel", summary="Withdraw the interaction (who opened it, operator)")
async def cancel_interaction(interaction_id: str, body: ReasonBody, ports: PortsOf, caller: KeyedCaller) -> AnsweredInteraction:
    command = CancelInteraction(interaction_id, caller.principal, body.reason)
    return await ports.shards.submit(WORKFLOW, caller.envelope(command, body.model_dump()))


async def _as_events(stream: AsyncIterator[LiveMessage]) -> AsyncIterator[str]:
    async for message in stream:
        data = json.dumps(to_plain(message), ensure_ascii=False, allow_nan=False)
        yield f"id: {message.cursor}\nevent: {message.type}\ndata: {data}\n\n"
