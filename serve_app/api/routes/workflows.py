"""Workflows: cases through prediction, routing and people, and stages that lead to a model."""

import uuid

from fastapi import APIRouter, Response

from hitl.canonical import JsonObject
from hitl.errors import Forbidden
from hitl.identity import Role
from hitl.machine.asked import A, Command
from hitl.machine.shards import WORKFLOW
from hitl.workflow.commands import (
    CancelWorkflow,
    CompleteStage,
    CreateWorkflow,
    DecideCase,
    ExecuteWorkflow,
    FailCase,
    FailStage,
    ReportPrediction,
    StartCase,
    StartStage,
)
from hitl.workflow.questions import Analytics, WorkflowOf, Workflows
from hitl.workflow.templates import CASE_TEMPLATES, default_stages
from hitl.workflow.views import (
    ChangedWorkflow,
    DecidedCase,
    TakenStage,
    WorkflowAnalytics,
    WorkflowList,
    WorkflowStatus,
    WorkflowTemplates,
    WorkflowView,
)
from serve_app.api.bodies.workflows import (
    CaseBody,
    CaseDecisionBody,
    CaseFailureBody,
    PredictionBody,
    ReasonBody,
    StageFailureBody,
    StageResultBody,
    WorkflowBody,
)
from serve_app.api.routes.interactions import Limit, Wait
from serve_app.api.services.assignable import require_people
from serve_app.api.services.context import AnyCaller, ApiPorts, Caller, KeyedCaller, PortsOf
from serve_app.api.services.strict_route import StrictRoute

router = APIRouter(prefix="/v1/workflows", tags=["workflows"], route_class=StrictRoute)

RUNNERS = (Role.TRAINER, Role.OPERATOR)
PEOPLE = (Role.REVIEWER, Role.EXPERT, Role.APPROVER, Role.TRAINER, Role.OPERATOR)


@router.get("/templates", summary="The templates of cases, and the stages with their defaults (any caller)")
async def list_templates(caller: AnyCaller) -> WorkflowTemplates:
    return WorkflowTemplates(dict(CASE_TEMPLATES), default_stages())


@router.get("/analytics", summary="Counts, times and rates of all workflows (any person of every task)")
async def show_workflow_analytics(ports: PortsOf, caller: AnyCaller) -> WorkflowAnalytics:
    caller.principal.require("see the analytics", *PEOPLE)
    if not caller.principal.is_of_every_task:
        raise Forbidden(caller.principal.id, "see the analytics, which count the workflows of every task")
    return await ports.shards.ask(WORKFLOW, Analytics())


@router.post("/cases", status_code=201, summary="Start a case (client, operator)")
async def start_case(body: CaseBody, ports: PortsOf, caller: KeyedCaller, response: Response) -> WorkflowStatus:
    caller.principal.require("start cases", Role.CLIENT, Role.OPERATOR)
    command = StartCase(str(uuid.uuid4()), body.workflow_type, body.request_data, caller.principal.id)
    return _created(await _send(ports, caller, command, body.model_dump()), response)


@router.post("/{workflow_id}/prediction", summary="Report what the model said; the case is routed (who started it, operator)")
async def report_workflows(workflow_id: str, body: PredictionBody, ports: PortsOf, caller: KeyedCaller) -> WorkflowStatus:
    command = ReportPrediction(workflow_id, caller.principal, body.ai_result)
    return await _send(ports, caller, command, body.model_dump())


@router.post("/{workflow_id}/decision", summary="Decide the case: approve, reject, escalate (reviewer; expert once escalated)")
async def decide_workflow_stage(workflow_id: str, body: CaseDecisionBody, ports: PortsOf, caller: KeyedCaller) -> DecidedCase:
    command = DecideCase(workflow_id, caller.principal, body.model_dump())
    return await _send(ports, caller, command, body.model_dump())


@router.post("/{workflow_id}/failure", summary="The case cannot go on (who started it, operator)")
async def fail_case(workflow_id: str, body: CaseFailureBody, ports: PortsOf, caller: KeyedCaller) -> WorkflowStatus:
    return await _send(ports, caller, FailCase(workflow_id, caller.principal, body.error), body.model_dump())


@router.post("", status_code=201, summary="Create a workflow of stages (trainer, operator)")
async def create_workflow(body: WorkflowBody, ports: PortsOf, caller: KeyedCaller, response: Response) -> WorkflowStatus:
    caller.principal.require("create workflows", *RUNNERS)
    await require_people(ports, {"approvers": [*body.approvers]}, place="")
    stages = [stage.model_dump(exclude_none=True) for stage in body.stages]
    names = (body.name, body.description, body.experimentName, body.modelName)
    command = CreateWorkflow(str(uuid.uuid4()), *names, stages, caller.principal.id, tuple(body.approvers))
    return _created(await _send(ports, caller, command, body.model_dump()), response)


@router.get("", summary="Workflows that the caller may see, newest first")
async def list_workflows(
    ports: PortsOf, caller: AnyCaller, status: str | None = None, stuck: bool | None = None, limit: Limit = 100
) -> WorkflowList:
    return await ports.shards.ask(WORKFLOW, Workflows(caller.principal, status, stuck, limit))


@router.get("/{workflow_id}", summary="A workflow with its progress, results and expected end (who may see it)")
async def show_workflow(workflow_id: str, ports: PortsOf, caller: AnyCaller, wait: Wait = 0.0) -> WorkflowView:
    question = WorkflowOf(workflow_id, caller.principal)
    if not wait:
        return await ports.shards.ask(WORKFLOW, question)
    return await ports.shards.wait(WORKFLOW, workflow_id, question, wait)


@router.post("/{workflow_id}/execute", summary="Begin with the first stage (who created it, operator)")
async def execute_workflow(workflow_id: str, ports: PortsOf, caller: KeyedCaller) -> ChangedWorkflow:
    return await _send(ports, caller, ExecuteWorkflow(workflow_id, caller.principal), {})


@router.post("/{workflow_id}/cancel", summary="End the workflow (who created it, operator)")
async def cancel_workflow(workflow_id: str, body: ReasonBody, ports: PortsOf, caller: KeyedCaller) -> ChangedWorkflow:
    return await _send(ports, caller, CancelWorkflow(workflow_id, caller.principal, body.reason), body.model_dump())


@router.post("/{workflow_id}/stages/{stage}/start", summary="Take a stage that is ready or stuck (who created it, operator)")
async def start_stage(workflow_id: str, stage: str, ports: PortsOf, caller: KeyedCaller) -> TakenStage:
    return await _send(ports, caller, StartStage(workflow_id, caller.principal, stage), {})


@router.post("/{workflow_id}/stages/{stage}/result", summary="Report a stage's result (who took it)")
async def complete_stage(
    workflow_id: str, stage: str, body: StageResultBody, ports: PortsOf, caller: KeyedCaller
) -> ChangedWorkflow:
    command = CompleteStage(workflow_id, caller.principal, stage, body.attempt, body.result)
    return await _send(ports, caller, command, body.model_dump())


@router.post("/{workflow_id}/stages/{stage}/failure", summary="Report a stage's failure (who took it)")
async def fail_stage(
    workflow_id: str, stage: str, body: StageFailureBody, ports: PortsOf, caller: KeyedCaller
) -> ChangedWorkflow:
    command = FailStage(workflow_id, caller.principal, stage, body.attempt, body.error)
    return await _send(ports, caller, command, body.model_dump())


async def _send(ports: ApiPorts, caller: Caller, command: Command[A], asked: JsonObject) -> A:
    return await ports.shards.submit(WORKFLOW, caller.envelope(command, asked))


def _created(answer: WorkflowStatus, response: Response) -> WorkflowStatus:
    response.headers["location"] = f"/v1/workflows/{answer.workflow_id}"
    return answer
