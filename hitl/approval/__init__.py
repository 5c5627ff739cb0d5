"""Requests that need votes, and what serves because of them, as one pure machine."""

from hitl.approval.commands import (
    AskApproval,
    CancelApproval,
    Command,
    DelegateVote,
    Deploy,
    Expire,
    FailDeployment,
    Nudge,
    RequestApproval,
    RollBack,
    SetAbsence,
    Vote,
)
from hitl.approval.kinds import ApprovalKind, Urgency
from hitl.approval.machine import ApprovalMachine
from hitl.approval.queries import Question
from hitl.approval.questions import ApprovalOf, Approvals
from hitl.approval.rules import ApprovalRules
from hitl.approval.state import OPEN_STATUSES, Approval, ApprovalState, Ballot, RequestStatus

__all__ = [
    "OPEN_STATUSES",
    "Approval",
    "ApprovalKind",
    "ApprovalMachine",
    "ApprovalOf",
    "ApprovalRules",
    "ApprovalState",
    "Approvals",
    "AskApproval",
    "Ballot",
    "CancelApproval",
    "Command",
    "DelegateVote",
    "Deploy",
    "Expire",
    "FailDeployment",
    "Nudge",
    "Question",
    "RequestApproval",
    "RequestStatus",
    "RollBack",
    "SetAbsence",
    "Urgency",
    "Vote",
]
