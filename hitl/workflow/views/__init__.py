"""What the workflow shard answers: to questions, and to who sent a command. Times are UTC seconds."""

from hitl.workflow.views.interactions import (
    InteractionChange,
    InteractionChanges,
    InteractionList,
    InteractionView,
    PendingInteractions,
    VoteTally,
)
from hitl.workflow.views.told import (
    AnsweredInteraction,
    ChangedWorkflow,
    DecidedCase,
    OpenedInteraction,
    TakenStage,
    WorkflowStatus,
)
from hitl.workflow.views.workflows import (
    CaseView,
    StagedWorkflow,
    StageView,
    WorkflowAnalytics,
    WorkflowList,
    WorkflowTemplates,
    WorkflowView,
)

__all__ = [
    "AnsweredInteraction",
    "CaseView",
    "ChangedWorkflow",
    "DecidedCase",
    "InteractionChange",
    "InteractionChanges",
    "InteractionList",
    "InteractionView",
    "OpenedInteraction",
    "PendingInteractions",
    "StageView",
    "StagedWorkflow",
    "TakenStage",
    "VoteTally",
    "WorkflowAnalytics",
    "WorkflowList",
    "WorkflowStatus",
    "WorkflowTemplates",
    "WorkflowView",
]
