"""Requests that need votes: made, seen, voted on and withdrawn."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from hitl.approval import ApprovalKind
from hitl.approval.commands import CancelApproval, DelegateVote, RequestApproval, SetAbsence, Vote
from hitl.approval.kinds import GATED
from hitl.approval.questions import ApprovalMetrics, ApprovalOf, Approvals, AuditTrail
from hitl.approval.views import ApprovalFigures, ApprovalPage, ApprovalStanding, ApprovalTrail, NotedAbsence, ShownApproval
from hitl.approval.visibility import READERS
from hitl.errors import Forbidden, InvalidInput
from hitl.identity import Role
from hitl.machine.shards import APPROVAL
from serve_app.api.bodies.approvals import AbsenceBody, ApprovalBody, CancelBody, DelegateVoteBody, VoteBody
from serve_app.api.services.approval_asking import approval_command, submit_request
from serve_app.api.services.candidate_evidence import candidate_evidence
from serve_app.api.services.context import AnyCaller, ApiPorts, Caller, KeyedCaller, PortsOf
from serve_app.api.services.policy_proposal import proposal
from serve_app.api.services.strict_route import StrictRoute

router = APIRouter(prefix="/v1/approvals", tags=["approvals"], route_class=StrictRoute)

Status = Literal["pending", "approved", "rejected", "expired", "cancelled", "deployed", "failed"]
Cursor = Annotated[int, Query(ge=0, le=2**53)]
Limit = Annotated[int, Query(ge=1, le=500)]
Wait = Annotated[float, Query(ge=0, le=60)]
HOUR_S = 3600.0
NOT_GATED = ("id", "options", "timeout", "policy", "default")


@router.post("", status_code=201, summary="Ask for an approval (trainer, operator; not of a model or policy: client)")
async def request_approval(body: ApprovalBody, ports: PortsOf, caller: KeyedCaller, response: Response) -> ApprovalStanding:
    command = await _gated(body, ports, caller) if body.kind in GATED else await approval_command(body, ports, caller)
    answer = await submit_request(ports, caller, body, command)
    response.headers["location"] = f"/v1/approvals/{answer.approval_id}"
    return answer


@router.get("", summary="Approvals by status, task and kind, oldest first, a page at a time (approver, trainer, operator)")
async def list_approvals(
    ports: PortsOf,
    caller: AnyCaller,
    status: Status | None = None,
    task: str | None = None,
    kind: ApprovalKind | None = None,
    cursor: Cursor = 0,
    limit: Limit = 100,
) -> ApprovalPage:
    caller.principal.require("see approvals", *READERS)
    wanted = kind.value if kind else None
    return await ports.shards.ask(APPROVAL, Approvals(status, task, wanted, caller.principal, cursor, limit))


@router.get("/metrics", summary="Counts, rates and times of the approvals that the caller may see (approver, trainer, operator)")
async def show_approval_metrics(ports: PortsOf, caller: AnyCaller) -> ApprovalFigures:
    caller.principal.require("see approvals", *READERS)
    return await ports.shards.ask(APPROVAL, ApprovalMetrics(caller.principal))


@router.get("/{approval_id}", summary="One approval with its evidence, votes and tally (its author, approver, trainer, operator)")
async def show_approval(approval_id: str, ports: PortsOf, caller: AnyCaller, wait: Wait = 0.0) -> ShownApproval:
    question = ApprovalOf(approval_id, caller.principal)
    if not wait:
        return await ports.shards.ask(APPROVAL, question)
    return await ports.shards.wait(APPROVAL, approval_id, question, wait)


@router.get("/{approval_id}/audit", summary="All that happened to an approval (its author, approver, trainer, operator)")
async def show_approval_audit(
    approval_id: str, ports: PortsOf, caller: AnyCaller, include_comments: bool = False, include_metadata: bool = False
) -> ApprovalTrail:
    return await ports.shards.ask(APPROVAL, AuditTrail(approval_id, caller.principal, include_comments, include_metadata))


@router.post("/{approval_id}/votes", summary="Vote on exactly what is shown (approver, not the author)")
async def vote_on_approval(approval_id: str, body: VoteBody, ports: PortsOf, caller: KeyedCaller) -> ApprovalStanding:
    caller.principal.require("vote", Role.APPROVER)
    await ports.shards.ask(APPROVAL, ApprovalOf(approval_id, caller.principal))
    command = Vote(approval_id, caller.principal.id, body.vote, body.digest, body.comment, body.shown)
    return await ports.shards.submit(APPROVAL, caller.envelope(command, body.model_dump()))


@router.post("/{approval_id}/delegate", summary="Let somebody else vote in the caller's place (who is asked by name)")
async def delegate_vote(approval_id: str, body: DelegateVoteBody, ports: PortsOf, caller: KeyedCaller) -> ApprovalStanding:
    await ports.shards.ask(APPROVAL, ApprovalOf(approval_id, caller.principal))
    command = DelegateVote(approval_id, caller.principal.id, body.to, body.reason)
    return await ports.shards.submit(APPROVAL, caller.envelope(command, body.model_dump()))


@router.post("/absences", summary="Say that one is away, and who stands in (approver; for another: operator)")
async def set_absence(body: AbsenceBody, ports: PortsOf, caller: KeyedCaller) -> NotedAbsence:
    person = body.person or caller.principal.id
    caller.principal.require("set absences", Role.APPROVER, Role.OPERATOR)
    is_theirs_to_say = caller.principal.may(Role.OPERATOR) and caller.principal.is_of_every_task  # it counts for every task
    if person != caller.principal.id and not is_theirs_to_say:
        raise Forbidden(caller.principal.id, "set another's absence")
    command = SetAbsence(person, body.until.timestamp(), body.deputy, caller.principal.id)
    return await ports.shards.submit(APPROVAL, caller.envelope(command, body.model_dump(mode="json")))


@router.post("/{approval_id}/cancel", summary="Withdraw a request that nobody has decided (its author, operator)")
async def cancel_approval(approval_id: str, body: CancelBody, ports: PortsOf, caller: KeyedCaller) -> ApprovalStanding:
    found = (await ports.shards.ask(APPROVAL, ApprovalOf(approval_id, caller.principal))).approval
    if caller.principal.id != found.requested_by and not caller.principal.may(Role.OPERATOR):
        raise Forbidden(caller.principal.id, "withdraw another's request")
    command = CancelApproval(approval_id, caller.principal.id, body.reason)
    return await ports.shards.submit(APPROVAL, caller.envelope(command, body.model_dump()))


async def _gated(body: ApprovalBody, ports: ApiPorts, caller: Caller) -> RequestApproval:
    """Voted on by the task's quorum; nothing in the request changes how. The figures in the evidence are the service's own."""
    caller.principal.require("ask for approvals", Role.TRAINER, Role.OPERATOR)
    body.need(("task", "digest", "evidence"))
    body.refuse(NOT_GATED, f"nothing: a {body.kind.value} is decided by its task's quorum")
    if body.kind is ApprovalKind.TASK_CHANGE:
        raise InvalidInput("/kind", "another kind: a definition is proposed with PUT /v1/tasks/{task}/definition")
    spec, digest, evidence = ports.task_in_force(body.task, caller.principal), body.digest or "", body.evidence or {}
    if body.kind is ApprovalKind.POLICY_CHANGE:
        digest, evidence = await proposal(ports, spec, evidence.get("policy"), digest)
    else:
        evidence = await candidate_evidence(ports, spec, digest, evidence)
    terms = spec.approval
    expires_at = ports.wall() + terms.expires_hours * HOUR_S
    asked = (body.title, evidence, caller.principal.id, terms.quorum, expires_at)
    more = (body.description, body.context, body.urgency.value, body.metadata)
    return RequestApproval(body.kind.value, body.task, digest, *asked, *more)
