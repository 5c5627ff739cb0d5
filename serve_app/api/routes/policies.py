"""The policy of a task: what is in force, what was, what another one would have done, and asking for it."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from hitl.approval.commands import RequestApproval
from hitl.approval.kinds import ApprovalKind
from hitl.canonical import JsonObject, fingerprint
from hitl.identity import Role
from hitl.machine.events import names_of
from hitl.machine.shards import APPROVAL
from hitl.serving.commands import RevertPolicy, SetShadow, StopAutomation
from hitl.serving.events import PolicyAdopted, PolicyReverted
from hitl.serving.questions import History, ServingOf
from hitl.serving.views import ChangedPolicy, ChangedServing, ServingView, UnchangedServing
from hitl.tasks.strict import Digest
from serve_app.api.services.context import AnyCaller, KeyedCaller, PortsOf
from serve_app.api.services.policy_proposal import compiled, difference, in_force, proposal, staff_of, tried
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.approvals import ProposedPolicy
from serve_app.api.views.serving import PolicyChange, PolicyDifference, PolicyHistory, TaskPolicy
from serve_app.evidence.policy_trial import PolicyTrial
from serve_app.http.strict_body import Body, Reason

router = APIRouter(prefix="/v1/policies/{task}", tags=["policies"], route_class=StrictRoute)

HOUR_S = 3600.0
POLICY_EVENTS = names_of(PolicyAdopted, PolicyReverted)


class PolicyProposalBody(Body):
    """``policy`` is the whole policy; what it leaves out has its default."""

    policy: JsonObject
    title: Annotated[str, Field(max_length=200, pattern=r"\S")]


class PolicyBody(Body):
    """``policy`` is the whole policy; what it leaves out has its default."""

    policy: JsonObject


class DryRunBody(Body):
    """``policy`` null: the one in force. ``people`` work at once, ``cases_per_hour`` each; ``within_h`` is when a case should
    be started, the task's review timeout if it is null."""

    policy: JsonObject | None = None
    cases: Annotated[int, Field(ge=1, le=10_000)] = 2_000
    people: Annotated[int, Field(ge=1, le=1_000)] = 1
    cases_per_hour: Annotated[float, Field(ge=0.01, le=100_000)] = 100.0
    within_h: Annotated[float, Field(gt=0, le=8_760)] | None = None


class RevertBody(Body):
    """``digest`` null: the policy of the task's file."""

    digest: Digest | None
    reason: Reason


class ShadowBody(Body):
    """``policy`` null: none watches any more."""

    policy: JsonObject | None


class StopBody(Body):
    segment: Annotated[str, Field(min_length=1, max_length=300)]
    reason: Reason


@router.get("", summary="The policy in force, with what steers beside it (anybody of the task)")
async def show_policy(task: str, ports: PortsOf, caller: AnyCaller) -> TaskPolicy:
    spec = ports.task(task, caller.principal)
    now = await ports.shards.ask(APPROVAL, ServingOf(task))
    present = in_force(ports, spec, now)
    return TaskPolicy(
        task=task,
        version=present.version,
        source="configured" if now.policy is None else "approved",
        policy=now.policy or present.policy.body(),
        generation=now.generation,
        thresholds=now.thresholds,
        stopped=now.stopped,
        audit=now.audit,
        prices=now.prices,
        shadow=now.shadow,
    )


@router.get("/history", summary="Every policy that was adopted or came back, oldest first (anybody of the task)")
async def list_policies(task: str, ports: PortsOf, caller: AnyCaller) -> PolicyHistory:
    ports.task(task, caller.principal)
    lines = (await ports.shards.ask(APPROVAL, History(task))).history
    return PolicyHistory(task, [_change(line) for line in lines if line.cause in POLICY_EVENTS])


@router.post("", status_code=201, summary="Propose a policy: checked now, voted on, adopted by the service (trainer, operator)")
async def propose_policy(
    task: str, body: PolicyProposalBody, ports: PortsOf, caller: KeyedCaller, response: Response
) -> ProposedPolicy:
    caller.principal.require("propose policies", Role.TRAINER, Role.OPERATOR)
    spec = ports.task_in_force(task, caller.principal)
    version, evidence = await proposal(ports, spec, body.policy)
    expires_at = ports.wall() + spec.approval.expires_hours * HOUR_S
    asked = (evidence, caller.principal.id, spec.approval.quorum, expires_at)
    command = RequestApproval(ApprovalKind.POLICY_CHANGE.value, task, version, body.title, *asked)
    answer = await ports.shards.submit(APPROVAL, caller.envelope(command, body.model_dump()))
    response.headers["location"] = f"/v1/approvals/{answer.approval_id}"
    standing = (answer.approval_id, answer.task, answer.digest, answer.quorum, answer.expires_at)
    return ProposedPolicy(*standing, answer.status, answer.approving, version)


@router.post("/changes", summary="What a policy would change in the one in force, field by field (trainer, operator, approver)")
async def show_policy_changes(task: str, body: PolicyBody, ports: PortsOf, caller: AnyCaller) -> PolicyDifference:
    """Checks the policy and changes nothing. 422 for one that the task cannot be routed by."""
    caller.principal.require("try policies", Role.TRAINER, Role.OPERATOR, Role.APPROVER)
    return await difference(ports, ports.task(task, caller.principal), body.policy)


@router.post("/dry-run", summary="A policy on past traffic, beside the one in force (trainer, operator, approver)")
async def dry_run_policy(task: str, body: DryRunBody, ports: PortsOf, caller: AnyCaller) -> PolicyTrial:
    caller.principal.require("try policies", Role.TRAINER, Role.OPERATOR, Role.APPROVER)
    spec = ports.task(task, caller.principal)
    proposed = None if body.policy is None else compiled(body.policy, spec)
    now = await ports.shards.ask(APPROVAL, ServingOf(task))
    staff = staff_of(spec, body.people, body.cases_per_hour, body.within_h)
    return await tried(ports, spec, now, proposed, body.cases, staff)


@router.post("/revert", summary="Let an earlier policy route again (operator)")
async def revert_policy(task: str, body: RevertBody, ports: PortsOf, caller: KeyedCaller) -> ChangedPolicy:
    """422 for a policy that the task, as it is defined now, cannot be routed by."""
    caller.principal.require("revert policies", Role.OPERATOR)
    spec = ports.task(task, caller.principal)
    for line in (await ports.shards.ask(APPROVAL, History(task))).history:
        if line.policy is not None and fingerprint(line.policy) == body.digest:
            compiled(line.policy, spec)
            break
    command = RevertPolicy(task, body.digest, caller.principal.id, body.reason)
    return await ports.shards.submit(APPROVAL, caller.envelope(command, body.model_dump()))


@router.post("/shadow", summary="Record beside each case what another policy would do (operator)")
async def set_policy_shadow(
    task: str, body: ShadowBody, ports: PortsOf, caller: KeyedCaller
) -> ChangedServing | UnchangedServing:
    caller.principal.require("set shadow policies", Role.OPERATOR)
    look = ports.task if body.policy is None else ports.task_in_force
    spec = look(task, caller.principal)
    watched = None if body.policy is None else compiled(body.policy, spec).policy.body()
    present = (await ports.shards.ask(APPROVAL, ServingOf(task))).shadow.get("model")
    command = SetShadow(task, watched, present, caller.principal.id)
    return await ports.shards.submit(APPROVAL, caller.envelope(command, body.model_dump()))


@router.post("/stop", summary="Nothing is automatic in a segment until a new certificate, model or policy (operator)")
async def stop_automation(task: str, body: StopBody, ports: PortsOf, caller: KeyedCaller) -> ChangedServing | UnchangedServing:
    caller.principal.require("stop automation", Role.OPERATOR)
    ports.task(task, caller.principal)
    command = StopAutomation(task, body.segment, body.reason, caller.principal.id)
    return await ports.shards.submit(APPROVAL, caller.envelope(command, body.model_dump()))


def _change(line: ServingView) -> PolicyChange:
    said = (line.generation, line.since, line.cause, line.approval_id, line.operator, line.reason)
    return PolicyChange(*said, line.policy)
