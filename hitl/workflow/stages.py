"""What a command does to a workflow of stages: events, or a refusal. Changes nothing."""

from hitl.errors import Forbidden, InvalidInput, NotFound, StaleAttempt, WrongState
from hitl.identity import Principal, Role
from hitl.machine.events import type_of
from hitl.machine.machine import Outcome
from hitl.text_limits import MAX_TEXT, check_text
from hitl.workflow.closing import closed
from hitl.workflow.commands import (
    CancelWorkflow,
    CompleteStage,
    CreateWorkflow,
    ExecuteWorkflow,
    FailStage,
    MarkStuck,
    OfStages,
    StartStage,
)
from hitl.workflow.events import WorkflowEvent
from hitl.workflow.free_json import number_in
from hitl.workflow.listed import ListedFlow
from hitl.workflow.options import names_of
from hitl.workflow.stage_events import StageStarted, StageStuck, WorkflowCancelled, WorkflowCreated
from hitl.workflow.stage_moves import OVER, executed, stage_completed, stage_failed
from hitl.workflow.state import Flow, FlowStatus, InteractionStatus, StageState, StageStatus, WorkflowState
from hitl.workflow.templates import STAGE_TIMEOUT_S, checked_stages, default_stages
from hitl.workflow.views import ChangedWorkflow, TakenStage, WorkflowStatus
from hitl.workflow.visibility import may_steer
from hitl.workflow.voters import WorkflowVoters


def decide_stages(state: WorkflowState, command: OfStages, voters: WorkflowVoters, now: float) -> Outcome:
    """Raises the HitlError that refuses the command."""
    match command:
        case CreateWorkflow():
            return _create(state, command, voters)
        case ExecuteWorkflow():
            return _execute(state, command, now)
        case StartStage():
            return _start(state, command)
        case CompleteStage():
            return _complete(state, command, now)
        case FailStage():
            return _fail(state, command, now)
        case CancelWorkflow():
            return _cancel(state, command)
        case MarkStuck():
            return _mark_stuck(state, command)


def visible_flow(state: WorkflowState, workflow_id: str, person: Principal) -> Flow:
    """Return the workflow, for who created it, its approvers and operators. Raises NotFound."""
    found = state.flows.get(workflow_id)
    if found is None or not sees_flow(found, person):
        raise NotFound("workflow", workflow_id)
    return found


def sees_flow(flow: Flow | ListedFlow, person: Principal) -> bool:
    """Workflows of stages belong to no task: they are for people of every task, and for who is named."""
    if person.id in (flow.created_by, *flow.approvers):
        return True
    return person.is_of_every_task and person.may(Role.APPROVER, Role.TRAINER, Role.OPERATOR)


def _create(state: WorkflowState, command: CreateWorkflow, voters: WorkflowVoters) -> Outcome:
    if command.workflow_id in state.flows or command.workflow_id in state.cases:
        raise WrongState(command.workflow_id, "created already", "a new id")
    wanted = names_of({"approvers": list(command.approvers)}, "approvers") if command.approvers else []
    _check_approvers(wanted, command.created_by)
    stages = checked_stages(command.stages) if command.stages else default_stages()
    event = WorkflowCreated(
        workflow_id=command.workflow_id,
        name=command.name,
        description=command.description,
        experimentName=command.experiment_name,
        modelName=command.model_name,
        stages=stages,
        approvers=voters.of_workflow(wanted, stages),
        created_by=command.created_by,
    )
    return Outcome([event], WorkflowStatus(command.workflow_id, FlowStatus.CREATED.value))


def _check_approvers(names: list[str], created_by: str) -> None:
    if created_by in names:
        raise InvalidInput("/approvers", "others than who creates it: nobody approves their own workflow")


def _execute(state: WorkflowState, command: ExecuteWorkflow, now: float) -> Outcome:
    flow = _steered(state, command.workflow_id, command.person)
    if flow.status is not FlowStatus.CREATED:
        raise WrongState(flow.workflow_id, flow.status.value, FlowStatus.CREATED.value)
    return _told(flow, executed(flow, command.person.id, now))


def _start(state: WorkflowState, command: StartStage) -> Outcome:
    """Start a ready stage, or one that is stuck: its former worker's report will be refused."""
    flow, stage = _current(state, command)
    if stage.status is not StageStatus.READY and not (stage.status is StageStatus.RUNNING and stage.is_stuck):
        raise WrongState(flow.workflow_id, f"at stage {stage.name}, {stage.status.value}", "a stage that is ready")
    attempt, timeout_s = stage.attempt + 1, float(number_in(stage.config, "timeout_s", STAGE_TIMEOUT_S))
    event = StageStarted(
        workflow_id=flow.workflow_id, stage=stage.name, attempt=attempt, worker=command.person.id, timeout_s=timeout_s
    )
    results = {each.name: each.result for each in flow.stages if each.status is StageStatus.COMPLETED}
    return Outcome([event], TakenStage(flow.workflow_id, stage.name, attempt, stage.type, stage.config, results))


def _complete(state: WorkflowState, command: CompleteStage, now: float) -> Outcome:
    flow, stage = _held(state, command, command.attempt)
    return _told(flow, stage_completed(flow, stage, command.result, now))


def _fail(state: WorkflowState, command: FailStage, now: float) -> Outcome:
    flow, stage = _held(state, command, command.attempt)
    return _told(flow, stage_failed(flow, stage, command.error[:MAX_TEXT], now))


def _cancel(state: WorkflowState, command: CancelWorkflow) -> Outcome:
    flow = _steered(state, command.workflow_id, command.person)
    if flow.status in OVER:
        raise WrongState(flow.workflow_id, flow.status.value, "a status that is not the end")
    check_text("/reason", command.reason)
    events: list[WorkflowEvent] = [WorkflowCancelled(workflow_id=flow.workflow_id, by=command.person.id, reason=command.reason)]
    if flow.interaction_id is not None:
        waiting = state.interactions[flow.interaction_id]
        events.append(closed(waiting, InteractionStatus.CANCELLED, None, command.person.id, "the workflow was cancelled"))
    return _told(flow, events)


def _mark_stuck(state: WorkflowState, command: MarkStuck) -> Outcome:
    flow = state.flows.get(command.workflow_id)
    stage = flow.current if flow else None
    if flow is None or stage is None or stage.is_stuck or stage.status is not StageStatus.RUNNING:
        return Outcome([])
    if (stage.name, stage.attempt) != (command.stage, command.attempt):
        return Outcome([])
    return _told(flow, [StageStuck(workflow_id=flow.workflow_id, stage=stage.name, attempt=stage.attempt)])


def _held(state: WorkflowState, command: CompleteStage | FailStage, attempt: int) -> tuple[Flow, StageState]:
    """Return the running stage that the reporter holds. Raises StaleAttempt, WrongState."""
    flow, stage = _current(state, command)
    if stage.attempt != attempt:
        raise StaleAttempt(flow.workflow_id, stage.name, attempt, stage.attempt)
    if stage.status is not StageStatus.RUNNING:
        raise WrongState(flow.workflow_id, f"at stage {stage.name}, {stage.status.value}", "a stage that runs")
    return flow, stage


def _current(state: WorkflowState, command: StartStage | CompleteStage | FailStage) -> tuple[Flow, StageState]:
    flow = _steered(state, command.workflow_id, command.person)
    stage = flow.current
    if stage is None or flow.status is not FlowStatus.RUNNING or stage.name != command.stage:
        at = f"{flow.status.value} at stage {stage.name if stage else 'none'}"
        raise WrongState(flow.workflow_id, at, f"running at stage {command.stage[:100]}")
    return flow, stage


def _steered(state: WorkflowState, workflow_id: str, person: Principal) -> Flow:
    flow = visible_flow(state, workflow_id, person)
    if not may_steer(person, flow.created_by):
        raise Forbidden(person.id, "run this workflow")
    return flow


def _told(flow: Flow, events: list[WorkflowEvent]) -> Outcome:
    return Outcome(events, ChangedWorkflow(flow.workflow_id, [type_of(event) for event in events]))
