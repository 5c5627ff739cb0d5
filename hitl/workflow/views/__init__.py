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
    ArchivableObject,
    ArchivableObjects,
    ArchivedObjects,
    ChangedWorkflow,
    DecidedCase,
    OpenedInteraction,
    RecalledObjects,
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
    "ArchivableObject",
    "ArchivableObjects",
    "ArchivedObjects",
    "CaseView",
    "ChangedWorkflow",
    "DecidedCase",
    "InteractionChange",
    "InteractionChanges",
    "InteractionList",
    "InteractionView",
    "OpenedInteraction",
    "PendingInteractions",
    "RecalledObjects",
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
