"""Count what people did, from the journals' events. A duration is in the event, or its start was remembered."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from msgspec import UNSET, UnsetType

from hitl.approval.events import (
    ApprovalApproved,
    ApprovalCancelled,
    ApprovalExpired,
    ApprovalRejected,
    ApprovalRequested,
    DeploymentFailed,
)
from hitl.history import AnyEvent
from hitl.journal.entry import Effect
from hitl.machine.events import Event, type_of
from hitl.metrics.gains import Gains, Start
from hitl.review.answer_events import DecisionFinal, DecisionSuperseded, DecisionUndone, ReviewAnswered, ReviewDecided
from hitl.review.handling_events import LeaseExpired, ReviewEscalated, ReviewOverdue
from hitl.review.opening_events import ReviewOpened
from hitl.review.state import Purpose
from hitl.serving.events import Deployed, RolledBack
from hitl.workflow.case_events import CaseMoved, CaseStarted
from hitl.workflow.interaction_events import InteractionClosed, InteractionOpened
from hitl.workflow.stage_events import WorkflowCancelled, WorkflowCompleted, WorkflowExecuted, WorkflowFailed

TWO_HOURS_S = 7_200.0

COUNTED: dict[type[Event], str] = {
    ReviewOverdue: "overdue",
    ReviewEscalated: "escalated",
    LeaseExpired: "lease_expired",
    DecisionUndone: "undone",
    DecisionSuperseded: "superseded",
    Deployed: "deployed",
    DeploymentFailed: "deployment_failed",
    RolledBack: "rolled_back",
    WorkflowFailed: "workflow_failed",
}
"""Events that are counted and nothing else."""

StartEvent: TypeAlias = ApprovalRequested | InteractionOpened | CaseStarted | WorkflowExecuted
ApprovalEnd: TypeAlias = ApprovalApproved | ApprovalRejected | ApprovalExpired | ApprovalCancelled
WorkflowEnd: TypeAlias = CaseMoved | WorkflowCompleted | WorkflowCancelled
EndEvent: TypeAlias = ApprovalEnd | InteractionClosed | WorkflowEnd
"""What begins and what may end."""


def ends(effects: Sequence[Effect[AnyEvent]]) -> list[str]:
    """The ids of what may end in ``effects``: their starts are asked for before counting."""
    return [id_of(event) for effect in effects for event in effect.events if isinstance(event, EndEvent)]


def id_of(event: StartEvent | EndEvent) -> str:
    """The id of what begins or ends."""
    match event:
        case InteractionOpened() | InteractionClosed():
            return event.interaction_id
        case CaseStarted() | WorkflowExecuted() | CaseMoved() | WorkflowCompleted() | WorkflowCancelled():
            return event.workflow_id
        case _:
            return event.approval_id


def count_events(effects: Sequence[Effect[AnyEvent]], starts: Mapping[str, Start]) -> Gains:
    """Increments from ``effects`` of one shard; ``starts`` holds the remembered start of whatever may end in them."""
    gains = Gains()
    for effect in effects:
        for event in effect.events:
            _count(gains, event, effect.at, {**starts, **gains.started})
    return gains


def _count(gains: Gains, event: AnyEvent, at: float, starts: Mapping[str, Start]) -> None:
    kind = type(event)
    if kind in COUNTED:
        gains.add(at, getattr(event, "task", None), COUNTED[kind])
    if isinstance(event, StartEvent):
        _start(gains, event, at)
    if kind in SPECIAL:
        SPECIAL[kind](gains, event, at)
    if isinstance(event, EndEvent) and (start := starts.get(id_of(event))) is not None:
        _end(gains, event, at, start)


def _start(gains: Gains, event: StartEvent, at: float) -> None:
    task: str | None = getattr(event, "task", None)
    gains.started[id_of(event)] = Start(at, task or "-", _kind_of(event))
    gains.add(at, task, "requested" if isinstance(event, ApprovalRequested) else "started")


def _kind_of(event: StartEvent) -> str:
    match event:
        case ApprovalRequested():
            return event.kind or type_of(event)
        case InteractionOpened():
            return event.pattern or type_of(event)
        case _:
            return type_of(event)


def _end(gains: Gains, event: EndEvent, at: float, start: Start) -> None:
    outcome = _outcome(event)
    if outcome is None:
        return
    family = _family(event)
    gains.ended.add(id_of(event))
    gains.add(at, start.task, f"{family}_{outcome}")
    gains.add(at, start.task, f"{family}_s", at - start.at)
    gains.add(at, start.task, f"{family}_closed")
    if start.kind == "model_deployment":
        gains.add(at, start.task, "deployment_closed")


def _family(event: EndEvent) -> str:
    match event:
        case InteractionClosed():
            return "interaction"
        case CaseMoved() | WorkflowCompleted() | WorkflowCancelled():
            return "workflow"
        case _:
            return "approval"


def _outcome(event: EndEvent) -> str | None:
    """Return the outcome, if it ended; None when it goes on."""
    match event:
        case InteractionClosed():
            return event.status
        case CaseMoved():
            return {"completed": "completed", "failed": "failed"}.get(event.to_state)
        case _:
            return type_of(event).removeprefix("Approval").removeprefix("Workflow").lower()


def _opened(gains: Gains, event: ReviewOpened, at: float) -> None:
    gains.add(at, event.task, "reviews" if event.purpose is Purpose.REVIEW else "checks")


def _answered(gains: Gains, event: ReviewAnswered | ReviewDecided, at: float) -> None:
    """One person's answer: the wait before it, and the work on it."""
    gains.add(at, event.task, "answers")
    gains.add(at, event.task, f"by:{event.reviewer}")
    if event.is_expert:
        gains.add(at, event.task, "expert_answers")
    seen = event.seen
    if not isinstance(seen, UnsetType) and seen.granted_at is not None:
        gains.add(at, event.task, "timed_answers")
        gains.add(at, event.task, "work_s", at - seen.granted_at)
        gains.add(at, event.task, "wait_s", seen.granted_at - seen.opened_at)


def _decided(gains: Gains, event: ReviewDecided, at: float) -> None:
    """The answer that ends a review."""
    _answered(gains, event, at)
    if event.final_at is UNSET:  # before decisions had a window: final at once
        _final(gains, event, at)
    if isinstance(seen := event.seen, UnsetType):
        return
    final_at = at if isinstance(event.final_at, UnsetType) else event.final_at
    resolved_s = final_at - seen.opened_at
    gains.add(at, event.task, "timed_decisions")
    gains.add(at, event.task, "response_s", at - seen.opened_at)
    gains.add(at, event.task, "resolution_s", resolved_s)
    gains.add(at, event.task, "in_two_hours", float(resolved_s < TWO_HOURS_S))
    gains.add(at, event.task, "in_time", float(at <= seen.due_at))


def _final(gains: Gains, event: ReviewDecided | DecisionFinal, at: float) -> None:
    gains.add(at, event.task, "decided")
    if event.agrees_with_model is not None:
        gains.add(at, event.task, "compared")
        gains.add(at, event.task, "agreed", float(event.agrees_with_model))


SPECIAL: dict[type[Event], Callable[[Gains, Any, float], None]] = {
    ReviewOpened: _opened,
    ReviewAnswered: _answered,
    ReviewDecided: _decided,
    DecisionFinal: _final,
}
