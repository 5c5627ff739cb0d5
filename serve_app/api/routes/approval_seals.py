"""What is sealed of an approval: shown to who may vote on it, with a word in the history, and erased for ever."""

from fastapi import APIRouter

from hitl.access import EraseApproval, RevealsOf
from hitl.access.views import ErasedApproval
from hitl.approval.questions import ApprovalOf, SealedOf
from hitl.approval.views import SealedApproval
from hitl.errors import NotSealed
from hitl.identity import Role
from hitl.machine.shards import ACCESS, APPROVAL
from serve_app.api.services.context import AnyCaller, ApiPorts, Caller, KeyedCaller, PortsOf
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.approvals import ApprovalReveals, RevealedApproval
from serve_app.http.described_answer import described
from serve_app.http.strict_body import WhyBody

router = APIRouter(prefix="/v1/approvals/{approval_id}", tags=["approvals"], route_class=StrictRoute)

GONE = described(410, "the sealed values were erased")


@router.post("/reveal", summary="The sealed values, on the record (approver who may vote on it now, operator)", responses=GONE)
async def reveal_approval(approval_id: str, body: WhyBody, ports: PortsOf, caller: KeyedCaller) -> RevealedApproval:
    """Answers once the access journal says who asked and why; a repeated request is told again. ``salts`` let the reader check
    the digests in ``sealed``."""
    caller.principal.require("see what is sealed", Role.APPROVER, Role.OPERATOR)
    found = await _sealed(ports, caller, approval_id)
    clear = await ports.clear_values.reveal_approval(found, caller.reading(body.reason))
    return RevealedApproval(approval_id, clear.parts["context"], clear.parts["metadata"], found.sealed, clear.salts)


@router.get("/reveals", summary="Who was shown the sealed values, when and why (operator)")
async def list_approval_reveals(approval_id: str, ports: PortsOf, caller: AnyCaller) -> ApprovalReveals:
    caller.principal.require("see who was shown an approval", Role.OPERATOR)
    await ports.shards.ask(APPROVAL, ApprovalOf(approval_id, caller.principal))
    rows = (await ports.shards.ask(ACCESS, RevealsOf(approval_id))).reveals
    return ApprovalReveals(approval_id, [row for row in rows if row.kind == "approval"])


@router.post("/erase", summary="Forget the sealed values for ever; the chain still verifies (operator)")
async def erase_approval(approval_id: str, body: WhyBody, ports: PortsOf, caller: KeyedCaller) -> ErasedApproval:
    """The event stands before the key is dropped: what a crash leaves undone, the reconciler does."""
    caller.principal.require("erase approvals", Role.OPERATOR)
    found = await _sealed(ports, caller, approval_id)
    seal = found.cipher["key"]
    command = EraseApproval(approval_id, seal, found.task or None, caller.principal.id, body.reason)
    told = await ports.shards.submit(ACCESS, caller.envelope(command, body.model_dump()))
    await ports.approval_vault.store.drop(seal)
    return told


async def _sealed(ports: ApiPorts, caller: Caller, approval_id: str) -> SealedApproval:
    """Raises NotFound, Forbidden; NotSealed where nothing is."""
    found = await ports.shards.ask(APPROVAL, SealedOf(approval_id, caller.principal))
    if not found.sealed:
        raise NotSealed(approval_id, "approval")
    return found
