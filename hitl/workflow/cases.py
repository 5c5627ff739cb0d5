"""What a command does to a case: events, or a refusal. Changes nothing."""

from collections.abc import Sequence

from hitl.errors import Forbidden, NotFound, WrongState
from hitl.identity import Principal, Role
from hitl.machine.machine import Outcome
from hitl.text_limits import check_text
from hitl.workflow import interactions
from hitl.workflow.case_events import CaseMoved
from hitl.workflow.case_moves import failed, predicted, started
from hitl.workflow.case_routing import prediction_of
from hitl.workflow.closing import closed
from hitl.workflow.commands import AnswerInteraction, DecideCase, FailCase, OfCases, ReportPrediction, StartCase
from hitl.workflow.events import WorkflowEvent
from hitl.workflow.listed import ListedCase
from hitl.workflow.parts import CaseState
from hitl.workflow.state import Case, InteractionStatus, WorkflowState
from hitl.workflow.templates import case_template
from hitl.workflow.views import DecidedCase, WorkflowStatus
from hitl.workflow.visibility import may_steer

ANSWERERS = (Role.REVIEWER, Role.EXPERT)


def decide_case(state: WorkflowState, command: OfCases, now: float) -> Outcome:
    """Raises the HitlError that refuses the command."""
    match command:
        case StartCase():
            return _start(state, command)
        case ReportPrediction():
            return _report(state, command, now)
        case DecideCase():
            return _decide(state, command, now)
        case FailCase():
            return _fail(state, command)


def visible_case(state: WorkflowState, workflow_id: str, person: Principal) -> Case:
    """Return the case, for who started it and for the people who decide. Raises NotFound."""
    found = state.cases.get(workflow_id)
    if found is None or not sees_case(found, person):
        raise NotFound("workflow", workflow_id)
    return found


def sees_case(case: Case | ListedCase, person: Principal) -> bool:
    """Cases belong to no task: they are for people of every task."""
    return case.started_by == person.id or (person.is_of_every_task and person.may(*ANSWERERS, Role.OPERATOR))


def _start(state: WorkflowState, command: StartCase) -> Outcome:
    if command.workflow_id in state.cases or command.workflow_id in state.flows:
        raise WrongState(command.workflow_id, "started already", "a new id")
    template = case_template(command.workflow_type)
    events = started(command.workflow_id, command.workflow_type, template, command.request_data, command.started_by)
    return Outcome(events, WorkflowStatus(command.workflow_id, CaseState.AI_PROCESSING.value))


def _report(state: WorkflowState, command: ReportPrediction, now: float) -> Outcome:
    case = _steered(state, command.workflow_id, command.person)
    prediction_of(command.ai_result)
    if case.state is not CaseState.AI_PROCESSING:
        raise WrongState(case.workflow_id, case.state.value, CaseState.AI_PROCESSING.value)
    events = predicted(state, case, command.ai_result, now)
    return Outcome(events, WorkflowStatus(case.workflow_id, _last_state(case, events)))


def _decide(state: WorkflowState, command: DecideCase, now: float) -> Outcome:
    case = visible_case(state, command.workflow_id, command.person)
    if case.interaction_id is None:
        raise WrongState(case.workflow_id, case.state.value, "human_review or expert_review")
    answer = AnswerInteraction(case.interaction_id, command.person, command.decision)
    events = interactions.answer(state, answer, now).events
    return Outcome(events, DecidedCase(case.workflow_id, _last_state(case, events), decision_processed=True))


def _fail(state: WorkflowState, command: FailCase) -> Outcome:
    case = _steered(state, command.workflow_id, command.person)
    if case.is_over:
        raise WrongState(case.workflow_id, case.state.value, "a state that is not the end")
    check_text("/error", command.error)
    events: list[WorkflowEvent] = [failed(case, command.error)]
    if case.interaction_id is not None:
        waiting = state.interactions[case.interaction_id]
        events.append(closed(waiting, InteractionStatus.CANCELLED, None, command.person.id, "the workflow failed"))
    return Outcome(events, WorkflowStatus(case.workflow_id, CaseState.FAILED.value))


def _steered(state: WorkflowState, workflow_id: str, person: Principal) -> Case:
    """Return the case, for who started it and for operators. Raises NotFound, Forbidden."""
    case = visible_case(state, workflow_id, person)
    if not may_steer(person, case.started_by):
        raise Forbidden(person.id, "report on this workflow")
    return case


def _last_state(case: Case, events: Sequence[WorkflowEvent]) -> str:
    moves = [event.to_state for event in events if isinstance(event, CaseMoved)]
    return (moves[-1] if moves else case.state).value
