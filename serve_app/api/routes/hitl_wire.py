"""The documents' own routes for interactions, with their field names. Identity comes from the token, never from the path."""

from fastapi import APIRouter, WebSocket

from hitl.errors import Forbidden, NotFound
from hitl.machine.shards import WORKFLOW
from hitl.workflow.commands import AnswerInteraction
from hitl.workflow.questions import InteractionOf, PendingOf
from hitl.workflow.show import iso
from serve_app.api.bodies.workflows import RespondBody
from serve_app.api.live.socket import serve_socket
from serve_app.api.services.context import AnyCaller, ApiPorts, PortsOf
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.interactions import AcceptedResponse, InteractionResponse, StatusResponse, wire

router = APIRouter(tags=["documents' routes"], route_class=StrictRoute)

ACCEPTED = AcceptedResponse("accepted", "Response submitted successfully")


@router.get("/hitl/pending/{user_id}", summary="What waits for the caller, who must be the user of the path")
async def list_pending_requests(user_id: str, ports: PortsOf, caller: AnyCaller) -> list[InteractionResponse]:
    if user_id != caller.principal.id:
        raise NotFound("user", user_id)
    found = await ports.shards.ask(WORKFLOW, PendingOf(caller.principal))
    return [wire(each) for each in found.interactions]


@router.post("/hitl/respond", summary="Answer an interaction (who is asked); accepted means that it took effect")
async def respond_to_request(body: RespondBody, ports: PortsOf, caller: AnyCaller) -> AcceptedResponse:
    if body.user_id not in (None, caller.principal.id):
        raise Forbidden(caller.principal.id, "answer for somebody else")
    command = AnswerInteraction(body.interaction_id, caller.principal, body.user_input)
    await ports.shards.submit(WORKFLOW, caller.envelope(command, body.model_dump()))
    return ACCEPTED


@router.get("/hitl/status/{interaction_id}", summary="The status, also of one that is over (who may see it)")
async def show_request_status(interaction_id: str, ports: PortsOf, caller: AnyCaller) -> StatusResponse:
    found = await ports.shards.ask(WORKFLOW, InteractionOf(interaction_id, caller.principal))
    return StatusResponse(found.interaction_id, found.status, iso(found.created_at), iso(found.expires_at))


@router.websocket("/ws/hitl/{user_id}")
async def live(socket: WebSocket, user_id: str) -> None:
    """``pending_interactions`` at first (or what was missed after ``?cursor=``), then ``new_interaction`` and the rest. With
    ``?changes=`` also ``changed``: which parts of the service have changed since that cursor (empty: from now on)."""
    ports: ApiPorts = socket.app.state.ports
    await serve_socket(socket, user_id, ports, socket.app.state.feed, socket.app.state.changes)
