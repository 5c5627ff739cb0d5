"""What callers are told of approvals: the answers to questions and commands."""

from hitl.approval.views.parts import (
    ApprovalOption,
    InWords,
    RejectionTelling,
    ScheduledEscalation,
    ScheduledReminder,
    SilentDefault,
    Tally,
    VotingPolicy,
)
from hitl.approval.views.shown import (
    ApprovalFigures,
    ApprovalPage,
    ApprovalTrail,
    ApprovalView,
    SealedApproval,
    SensitiveNames,
    ShownApproval,
    SignInTerms,
)
from hitl.approval.views.told import (
    ApprovalStanding,
    ArchivableRow,
    ArchivableRows,
    ArchivedApprovals,
    CountedApprovals,
    DeployedApproval,
    NotedAbsence,
    UnchangedApproval,
)

__all__ = [
    "ApprovalFigures",
    "ApprovalOption",
    "ApprovalPage",
    "ApprovalStanding",
    "ApprovalTrail",
    "ApprovalView",
    "ArchivableRow",
    "ArchivableRows",
    "ArchivedApprovals",
    "CountedApprovals",
    "DeployedApproval",
    "InWords",
    "NotedAbsence",
    "RejectionTelling",
    "ScheduledEscalation",
    "ScheduledReminder",
    "SealedApproval",
    "SensitiveNames",
    "ShownApproval",
    "SignInTerms",
    "SilentDefault",
    "Tally",
    "UnchangedApproval",
    "VotingPolicy",
]
