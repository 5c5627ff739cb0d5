"""The HumanLayer SDK's eight routes (0.7.9), over approvals and interactions.

``HUMANLAYER_API_BASE=<this service>/humanlayer/v1`` and ``HUMANLAYER_API_KEY=<a key>`` are all that its programs need. The SDK
sends no Idempotency-Key: the ``call_id`` that it makes stands for one.
"""

from dataclasses import replace

from fastapi import APIRouter

from hitl.approval.commands import EscalateApproval, Vote
from hitl.approval.questions import ApprovalOf
from hitl.approval.views import ApprovalView
from hitl.canonical import fingerprint
from hitl.errors import InvalidInput
from hitl.identity import Role
from hitl.machine.shards import APPROVAL, WORKFLOW
from hitl.workflow.commands import AnswerInteraction, EscalateInteraction
from hitl.workflow.questions import InteractionOf
from hitl.workflow.views import InteractionView
from serve_app.api.bodies.human_layer import CallBody, CallStatusBody, ContactBody, ContactStatusBody, EscalationBody
from serve_app.api.services.approval_asking import approval_command, submit_request
from serve_app.api.services.context import AnyCaller, ApiPorts, Caller, PortsOf
from serve_app.api.services.human_layer_calls import approval_body, approval_name, ballot_of, call_of
from serve_app.api.services.human_layer_contacts import answer_of, contact_of, interaction_name, open_body
from serve_app.api.services.step_opening import open_step
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.human_layer import FunctionCall, HumanContact

router = APIRouter(prefix="/humanlayer/v1", tags=["HumanLayer SDK"], route_class=StrictRoute)


@router.post("/function_calls", summary="Ask for an approval of a function call (client, trainer, operator)")
async def create_function_call(body: CallBody, ports: PortsOf, caller: AnyCaller) -> FunctionCall:
    as_keyed, asked = replace(caller, key=body.call_id), approval_body(body)
    await submit_request(ports, as_keyed, asked, await approval_command(asked, ports, as_keyed))
    return call_of(await _approval(ports, caller, body.call_id))


@router.get("/function_calls/{call_id}", summary="How the function call stands (its author, approver, trainer, operator)")
async def show_function_call(call_id: str, ports: PortsOf, caller: AnyCaller) -> FunctionCall:
    return call_of(await _approval(ports, caller, call_id))


@router.post("/agent/function_calls/{call_id}/respond", summary="Vote on the function call (approver, not the author)")
async def respond_to_function_call(call_id: str, body: CallStatusBody, ports: PortsOf, caller: AnyCaller) -> FunctionCall:
    """The SDK names no digest. What the id stands for never changes, so that the vote is for the request of this id."""
    caller.principal.require("vote", Role.APPROVER)
    seen = await _approval(ports, caller, call_id)
    if body.approved is None:
        raise InvalidInput("/approved", "true or false")
    chosen = ballot_of(body.approved, body.reject_option_name)
    command = Vote(seen.approval_id, caller.principal.id, chosen, seen.digest, body.comment or "")
    sent = body.model_dump()
    await ports.shards.submit(APPROVAL, _keyed(caller, sent).envelope(command, sent))
    return call_of(await _approval(ports, caller, call_id))


@router.post("/agent/function_calls/{call_id}/escalate_email", summary="Tell people again (the author, operator)")
async def escalate_function_call(call_id: str, body: EscalationBody, ports: PortsOf, caller: AnyCaller) -> FunctionCall:
    seen = await _approval(ports, caller, call_id)
    sent = body.model_dump(mode="json")
    command = EscalateApproval(seen.approval_id, caller.principal, _told(body))
    await ports.shards.submit(APPROVAL, _keyed(caller, sent).envelope(command, sent))
    return call_of(await _approval(ports, caller, call_id))


@router.post("/contact_requests", summary="Ask a person a question (client, trainer, operator)")
async def create_human_contact(body: ContactBody, ports: PortsOf, caller: AnyCaller) -> HumanContact:
    as_keyed = replace(caller, key=body.call_id)
    await open_step(ports, as_keyed, open_body(body), interaction_name(body.call_id))
    return contact_of(await _interaction(ports, caller, body.call_id))


@router.get("/contact_requests/{call_id}", summary="The question with its answer (who asked, who is asked, operator)")
async def show_human_contact(call_id: str, ports: PortsOf, caller: AnyCaller) -> HumanContact:
    return contact_of(await _interaction(ports, caller, call_id))


@router.post("/agent/human_contacts/{call_id}/respond", summary="Answer the question (who is asked)")
async def respond_to_human_contact(call_id: str, body: ContactStatusBody, ports: PortsOf, caller: AnyCaller) -> HumanContact:
    sent = body.model_dump()
    command = AnswerInteraction(interaction_name(call_id), caller.principal, answer_of(body))
    await ports.shards.submit(WORKFLOW, _keyed(caller, sent).envelope(command, sent))
    return contact_of(await _interaction(ports, caller, call_id))


@router.post("/agent/human_contacts/{call_id}/escalate_email", summary="Tell people again (who asked, operator)")
async def escalate_human_contact(call_id: str, body: EscalationBody, ports: PortsOf, caller: AnyCaller) -> HumanContact:
    sent = body.model_dump(mode="json")
    command = EscalateInteraction(interaction_name(call_id), caller.principal, _told(body))
    await ports.shards.submit(WORKFLOW, _keyed(caller, sent).envelope(command, sent))
    return contact_of(await _interaction(ports, caller, call_id))


async def _approval(ports: ApiPorts, caller: Caller, call_id: str) -> ApprovalView:
    return (await ports.shards.ask(APPROVAL, ApprovalOf(approval_name(call_id), caller.principal))).approval


async def _interaction(ports: ApiPorts, caller: Caller, call_id: str) -> InteractionView:
    return await ports.shards.ask(WORKFLOW, InteractionOf(interaction_name(call_id), caller.principal))


def _keyed(caller: Caller, sent: dict[str, object]) -> Caller:
    """Return the caller whose same request has one effect: the path and the body are its key."""
    return replace(caller, key=fingerprint(sent))


def _told(body: EscalationBody) -> str:
    """Return the message, and whom the caller would like to hear it: the service writes to nobody whom a caller names."""
    wanted = ", ".join(each.address for each in body.additional_recipients or [])
    return f"{body.escalation_msg} (for {wanted})" if wanted else body.escalation_msg
