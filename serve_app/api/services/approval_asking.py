"""Ask people about anything that does not decide what serves: by the native route, and by those of other clients."""

from hitl.approval.commands import AskApproval
from hitl.approval.views import ApprovalStanding
from hitl.identity import Role
from hitl.machine.shards import APPROVAL
from serve_app.api.bodies.approvals import ApprovalBody
from serve_app.api.services.approval_sealing import Request, sealed
from serve_app.api.services.checking import checks_of
from serve_app.api.services.context import ApiPorts, Caller


async def submit_request(ports: ApiPorts, caller: Caller, body: ApprovalBody, command: Request) -> ApprovalStanding:
    """Seal what is sensitive of the request, and open it. The caller's key makes a repetition harmless."""
    hidden, told = await sealed(ports, caller, body, command)
    return await ports.shards.submit(APPROVAL, caller.envelope(hidden, told))


async def approval_command(body: ApprovalBody, ports: ApiPorts, caller: Caller) -> AskApproval:
    """Return the command of a request that is bound to the digest of what is shown. Raises Forbidden, InvalidInput, NotFound."""
    caller.principal.require("ask for approvals", Role.CLIENT, Role.TRAINER, Role.OPERATOR)
    body.refuse(("digest", "evidence"), f"nothing: a {body.kind.value} is bound to the digest of what is shown")
    if body.task:
        ports.task_in_force(body.task, caller.principal)
    return AskApproval(
        kind=body.kind.value,
        task=body.task,
        title=body.title,
        requested_by=caller.principal.id,
        description=body.description,
        context=body.context,
        options=[option.wanted() for option in body.options],
        urgency=body.urgency.value,
        timeout_s=body.timeout,
        metadata=body.metadata,
        checks=await checks_of(body.kind, body.context),
        policy=body.policy.wanted(),
        default=body.default.wanted() if body.default else None,
        approval_id=body.id,
    )
