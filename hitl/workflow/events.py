"""The events of interactions and workflows. The journal keeps them as plain JSON, which docs/journal.md describes by field."""

from typing import TypeAlias

from hitl.machine.events import EventCodec
from hitl.workflow.case_events import CaseMoved, CaseStarted
from hitl.workflow.interaction_events import (
    AnswerGiven,
    ApproversAsked,
    ApproversReleased,
    InteractionClosed,
    InteractionEscalated,
    InteractionOpened,
    InteractionRefined,
)
from hitl.workflow.stage_events import (
    StageApproved,
    StageAwaitsApproval,
    StageCompleted,
    StageFailed,
    StageReady,
    StageRejected,
    StageReported,
    StageStarted,
    StageStuck,
    WorkflowCancelled,
    WorkflowCompleted,
    WorkflowCreated,
    WorkflowExecuted,
    WorkflowFailed,
    WorkflowGivenUp,
    WorkflowResumed,
)
from hitl.workflow.storage_events import WorkflowObjectArchived, WorkflowObjectRecalled

PartsEvent: TypeAlias = ApproversAsked | ApproversReleased
Changed: TypeAlias = AnswerGiven | InteractionRefined | InteractionEscalated
InteractionEvent: TypeAlias = InteractionOpened | PartsEvent | Changed | InteractionClosed
CaseEvent: TypeAlias = CaseStarted | CaseMoved
WholeEvent: TypeAlias = WorkflowExecuted | WorkflowFailed | WorkflowGivenUp | WorkflowCompleted | WorkflowCancelled
StageEvent: TypeAlias = (
    StageReady
    | StageStarted
    | StageReported
    | StageAwaitsApproval
    | StageApproved
    | StageRejected
    | StageCompleted
    | StageFailed
    | StageStuck
    | WorkflowResumed
)
FlowEvent: TypeAlias = WorkflowCreated | WholeEvent | StageEvent
StorageEvent: TypeAlias = WorkflowObjectArchived | WorkflowObjectRecalled
WorkflowEvent: TypeAlias = InteractionEvent | CaseEvent | FlowEvent | StorageEvent

EVENTS: EventCodec[WorkflowEvent] = EventCodec(WorkflowEvent)
