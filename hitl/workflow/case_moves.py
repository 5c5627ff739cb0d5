"""How one case moves through prediction, routing and people: one table, and the events of each move."""

from collections.abc import Mapping

from msgspec import UNSET, UnsetType

from hitl.canonical import Json, JsonObject
from hitl.machine.asked import plain_of
from hitl.workflow import forms
from hitl.workflow.case_events import CaseMoved, CaseStarted
from hitl.workflow.case_routing import prediction_of, routing_decision
from hitl.workflow.durations import estimate_s
from hitl.workflow.events import CaseEvent, WorkflowEvent
from hitl.workflow.free_json import decision_in, object_in
from hitl.workflow.opening import PipelinePosition, opened
from hitl.workflow.parts import Assignee, CaseState, CaseTemplate
from hitl.workflow.patterns import InteractionPlan
from hitl.workflow.state import Case, Interaction, InteractionPattern, WorkflowState

AUTOMATIC = "automatic"
"""The trigger of a move that nobody asked for: a failure."""

MOVES: dict[tuple[CaseState, str], CaseState] = {
    (CaseState.STARTED, "start_ai_processing"): CaseState.AI_PROCESSING,
    (CaseState.AI_PROCESSING, "routing_required"): CaseState.ROUTING_DECISION,
    (CaseState.ROUTING_DECISION, "auto_approve"): CaseState.COMPLETED,
    (CaseState.ROUTING_DECISION, "human_review"): CaseState.HUMAN_REVIEW,
    (CaseState.ROUTING_DECISION, "expert_escalation"): CaseState.EXPERT_REVIEW,
    (CaseState.HUMAN_REVIEW, "await_human_decision"): CaseState.HUMAN_REVIEW,
    (CaseState.EXPERT_REVIEW, "await_human_decision"): CaseState.EXPERT_REVIEW,
    (CaseState.HUMAN_REVIEW, "human_approved"): CaseState.COMPLETED,
    (CaseState.HUMAN_REVIEW, "human_rejected"): CaseState.COMPLETED,
    (CaseState.HUMAN_REVIEW, "escalate_to_expert"): CaseState.EXPERT_REVIEW,
    (CaseState.EXPERT_REVIEW, "expert_decision"): CaseState.COMPLETED,
    **{(state, AUTOMATIC): CaseState.FAILED for state in tuple(CaseState)[:5]},
}
"""(state, trigger) -> state."""

PROGRESS = {
    CaseState.STARTED: 0.0,
    CaseState.AI_PROCESSING: 0.25,
    CaseState.ROUTING_DECISION: 0.5,
    CaseState.HUMAN_REVIEW: 0.75,
    CaseState.EXPERT_REVIEW: 0.75,
    CaseState.COMPLETED: 1.0,
}
"""Of the way, not of the transitions: the automatic way is shorter and its end is the end all the same."""

REVIEW = {
    CaseState.HUMAN_REVIEW: ("reviewer", ("approve", "reject", "escalate")),
    CaseState.EXPERT_REVIEW: ("expert", ("approve", "reject")),
}
"""Who is asked in a state, and what they can say."""


def moved(
    case_id: str,
    state: CaseState,
    trigger: str,
    result: Mapping[str, Json],
    *,
    context: JsonObject | UnsetType = UNSET,
    interaction_id: str | None | UnsetType = UNSET,
    error: str | UnsetType = UNSET,
) -> CaseMoved:
    """``result`` is what the state that is left came to; what is not given does not change."""
    return CaseMoved(
        workflow_id=case_id,
        from_state=state,
        to_state=MOVES[state, trigger],
        trigger=trigger,
        result={**result},
        context=context,
        interaction_id=interaction_id,
        error=error,
    )


def started(case_id: str, kind: str, template: CaseTemplate, request_data: JsonObject, by: str) -> list[CaseEvent]:
    begun = CaseStarted(workflow_id=case_id, workflow_type=kind, template=template, request_data=request_data, started_by=by)
    return [begun, moved(case_id, CaseState.STARTED, "start_ai_processing", {"status": "initialized"})]


def predicted(state: WorkflowState, case: Case, ai_result: JsonObject, now: float) -> list[WorkflowEvent]:
    """From the model's answer through the routing to its end or to people."""
    said = prediction_of(ai_result)
    routing = routing_decision(said, case.request_data, case.template)
    seen: JsonObject = {"status": "ai_completed", "prediction": said.label, "confidence": said.confidence}
    context: JsonObject = {"ai_result": ai_result, "routing_decision": plain_of(routing)}
    first = moved(case.workflow_id, CaseState.AI_PROCESSING, "routing_required", seen, context=context)
    routed = {"status": "routing_completed", "routing_action": routing.action}
    second = moved(case.workflow_id, CaseState.ROUTING_DECISION, routing.action, routed)
    target = MOVES[CaseState.ROUTING_DECISION, routing.action]
    if target is CaseState.COMPLETED:
        return [first, second]
    return [first, second, *_ask_people(state, case, target, context, now)]


def failed(case: Case, error: str) -> CaseMoved:
    return moved(case.workflow_id, case.state, AUTOMATIC, {"status": "failed", "error": error}, error=error, interaction_id=None)


def after_case_answer(
    state: WorkflowState, interaction: Interaction, human_input: JsonObject | None, by: str, now: float
) -> list[WorkflowEvent]:
    """Return what a person's answer, or the lack of one, does to the case."""
    case = state.cases[interaction.workflow_id or ""]
    if case.is_over or case.interaction_id != interaction.interaction_id:
        return []
    if human_input is None:
        return _after_silence(state, case, now)
    decision: JsonObject = {**human_input, "reviewer_id": by}
    result = {"status": "decided", **decision}
    context: JsonObject = {"human_decision": decision}
    if decision_in(human_input) == "escalate":
        escalated = moved(case.workflow_id, case.state, "escalate_to_expert", result, context=context, interaction_id=None)
        return [escalated, *_ask_people(state, case, CaseState.EXPERT_REVIEW, case.context, now)]
    trigger = _trigger(case.state, decision_in(human_input))
    return [moved(case.workflow_id, case.state, trigger, result, context=context, interaction_id=None)]


def _after_silence(state: WorkflowState, case: Case, now: float) -> list[WorkflowEvent]:
    """Nobody answered: the experts are asked, and after them nobody is left. Silence never approves."""
    if case.state is not CaseState.HUMAN_REVIEW:
        return [failed(case, "no expert decided in time")]
    late = {"status": "timed_out"}
    escalated = moved(case.workflow_id, case.state, "escalate_to_expert", late, interaction_id=None)
    return [escalated, *_ask_people(state, case, CaseState.EXPERT_REVIEW, case.context, now)]


def _trigger(state: CaseState, decision: str) -> str:
    if state is CaseState.EXPERT_REVIEW:
        return "expert_decision"
    return "human_approved" if decision == "approve" else "human_rejected"


def _ask_people(state: WorkflowState, case: Case, target: CaseState, context: JsonObject, now: float) -> list[WorkflowEvent]:
    role, options = REVIEW[target]
    interaction_id = f"{case.workflow_id}-{target.value}"
    shown = {"ai_result": context["ai_result"], "routing_decision": context["routing_decision"]}
    priority = str(object_in(context, "routing_decision").get("queue_priority") or "normal")
    timeout_s = case.template.review_timeout_s
    asked = [Assignee(None, role)]
    made = InteractionPlan("awaiting_review", forms.case_review(options), timeout_s, asked, shown, priority=priority)
    place = PipelinePosition(case.type, target.value, case.started_by, workflow_id=case.workflow_id)
    queued = {"status": "queued_for_human_review", **_place_in_line(state, role)}
    waits = moved(case.workflow_id, target, "await_human_decision", queued, interaction_id=interaction_id)
    return [opened(interaction_id, InteractionPattern.CASE_REVIEW, place, made, case.request_data, now), waits]


def _place_in_line(state: WorkflowState, role: str) -> JsonObject:
    """``estimated_time`` in seconds, from measured reviews; None before the first."""
    position = len(state.waiting.get(f"role:{role}", ())) + 1
    each_s = estimate_s(state.durations, "review")
    return {"queue_position": position, "estimated_time": None if each_s is None else each_s * position}
