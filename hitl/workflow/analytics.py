"""Counts, rates, progress and expected ends, each by one definition."""

from collections import Counter

from hitl.workflow.case_moves import PROGRESS
from hitl.workflow.durations import estimate_s
from hitl.workflow.free_json import object_in
from hitl.workflow.parts import CaseState
from hitl.workflow.state import Case, Flow, FlowStatus, InteractionStatus, StageStatus, WorkflowState
from hitl.workflow.views import WorkflowAnalytics

PEOPLE = (CaseState.HUMAN_REVIEW, CaseState.EXPERT_REVIEW)


def analytics(state: WorkflowState) -> WorkflowAnalytics:
    """``automation_rate`` is what it is everywhere: of all routed cases, finished or not, those that the model decided; None
    before the first."""
    cases, flows, left = state.cases.values(), state.flows.values(), state.archived
    routed = [case for case in cases if was_routed(case)]
    automatic = left.automatic + sum(not saw_people(case) for case in routed)
    routed_ever = left.routed + len(routed)
    types = Counter([case.type for case in cases] + ["stages"] * len(flows)) + Counter(left.types)
    states = Counter([case.state.value for case in cases] + [flow.status.value for flow in flows]) + Counter(left.states)
    statuses = Counter(each.status.value for each in state.interactions.values()) + Counter(left.interactions)
    return WorkflowAnalytics(
        total_workflows=types.total(),
        workflows_by_type=dict(types),
        workflows_by_state=dict(states),
        avg_processing_times={kind: known.total_s / known.count for kind, known in state.durations.items()},
        moving_avg_processing_times={kind: known.smoothed_s for kind, known in state.durations.items()},
        automation_rate=automatic / routed_ever if routed_ever else None,
        human_review_rate=1 - automatic / routed_ever if routed_ever else None,
        stuck_workflows=sum(is_stuck(flow) for flow in flows),
        interactions_by_status=dict(statuses),
        pending_interactions=sum(each.status is InteractionStatus.PENDING for each in state.interactions.values()),
    )


def was_routed(case: Case) -> bool:
    """Tell whether its routing has said who decides it."""
    return any(
        move.from_state is CaseState.ROUTING_DECISION and move.to_state is not CaseState.FAILED for move in case.transitions
    )


def saw_people(case: Case) -> bool:
    return any(move.to_state in PEOPLE for move in case.transitions)


def decision_status(case: Case) -> str:
    """Return what the case has come to, as one of the documents' decision statuses."""
    if case.state is CaseState.FAILED:
        return "rejected"
    if case.state is CaseState.HUMAN_REVIEW:
        return "pending_human"
    if case.state is CaseState.EXPERT_REVIEW:
        return "escalated" if case.transitions[-2].trigger == "escalate_to_expert" else "pending_expert"
    if case.state is not CaseState.COMPLETED:
        return "pending_ai"
    decision = object_in(case.context, "human_decision").get("decision", "approve")
    return "approved" if decision == "approve" else "rejected"


def case_progress(case: Case) -> float:
    """Of the way, 0 to 1; a failed case stays where it failed."""
    return PROGRESS[case.transitions[-1].from_state if case.state is CaseState.FAILED else case.state]


def flow_progress(flow: Flow) -> float:
    return sum(stage.status is StageStatus.COMPLETED for stage in flow.stages) / len(flow.stages)


def case_estimate(state: WorkflowState, case: Case) -> float | None:
    """UTC seconds of the expected end; None before one of the type was measured, or after the end."""
    takes_s = None if case.is_over else estimate_s(state.durations, f"case:{case.type}")
    return None if takes_s is None else case.created_at + takes_s


def flow_estimate(state: WorkflowState, flow: Flow) -> float | None:
    takes_s = estimate_s(state.durations, "workflow")
    if takes_s is None or flow.started_at is None or flow.status not in (FlowStatus.RUNNING, FlowStatus.WAITING_APPROVAL):
        return None
    return flow.started_at + takes_s


def is_stuck(flow: Flow) -> bool:
    return flow.status is FlowStatus.RUNNING and any(
        stage.is_stuck and stage.status is StageStatus.RUNNING for stage in flow.stages
    )
