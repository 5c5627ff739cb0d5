"""Requests for the approval of a model, and the votes on them."""

from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from hitl.approval.commands import RequestApproval, Vote
from hitl.approval.questions import ApprovalOf, Approvals
from hitl.errors import NotFound
from hitl.identity import Role
from serve_app.bodies import ApprovalBody, VoteBody
from serve_app.context import AnyCaller, Caller, KeyedCaller, Ports, PortsOf
from serve_app.shards import APPROVAL
from serve_app.strict_route import StrictRoute

router = APIRouter(prefix="/v1/approvals", tags=["approvals"], route_class=StrictRoute)

Status = Literal["pending", "approved", "rejected", "expired", "deployed", "failed"]
READERS = (Role.APPROVER, Role.TRAINER, Role.OPERATOR)
HOUR_S = 3600.0


@router.post("", status_code=201, summary="Ask for the approval of exactly these bytes (trainer, operator)")
async def request_approval(body: ApprovalBody, ports: PortsOf, caller: KeyedCaller) -> JSONResponse:
    caller.principal.require("ask for approvals", Role.TRAINER, Role.OPERATOR)
    terms = ports.task(body.task, caller.principal).approval
    expires_at = ports.wall() + terms.expires_hours * HOUR_S
    asked_by = caller.principal.id
    command = RequestApproval(body.kind, body.task, body.digest, body.title, body.evidence, asked_by, terms.quorum, expires_at)
    answer = await ports.shards.submit(APPROVAL, caller.envelope(command, body.model_dump()))
    return JSONResponse(answer, 201, {"location": f"/v1/approvals/{answer['approval_id']}"})


@router.get("", summary="Approvals by status and task (approver, trainer, operator)")
async def approvals(ports: PortsOf, caller: AnyCaller, status: Status | None = None, task: str | None = None) -> dict[str, Any]:
    caller.principal.require("see approvals", *READERS)
    found = await ports.shards.ask(APPROVAL, Approvals(status, task))
    return {"approvals": [row for row in found["approvals"] if caller.principal.sees(row["task"])]}


@router.get("/{approval_id}", summary="One approval with its evidence and votes (approver, trainer, operator)")
async def approval(approval_id: str, ports: PortsOf, caller: AnyCaller) -> dict[str, Any]:
    return {"approval": await _visible(ports, caller, approval_id)}


@router.post("/{approval_id}/votes", summary="Vote on exactly these bytes (approver, not the author)")
async def vote(approval_id: str, body: VoteBody, ports: PortsOf, caller: KeyedCaller) -> dict[str, Any]:
    caller.principal.require("vote", Role.APPROVER)
    await _visible(ports, caller, approval_id)
    command = Vote(approval_id, caller.principal.id, body.vote, body.digest, body.comment)
    return await ports.shards.submit(APPROVAL, caller.envelope(command, body.model_dump()))


async def _visible(ports: Ports, caller: Caller, approval_id: str) -> dict[str, Any]:
    """The approval. Raises Forbidden for who has nothing to do with approvals, NotFound for another task's."""
    caller.principal.require("see approvals", *READERS)
    found: dict[str, Any] = (await ports.shards.ask(APPROVAL, ApprovalOf(approval_id)))["approval"]
    if not caller.principal.sees(found["task"]):
        raise NotFound("approval", approval_id)
    return found
