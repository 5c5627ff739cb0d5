"""The table of the moves that an approval can make."""

from hitl.approval.events import (
    ApprovalApproved,
    ApprovalCancelled,
    ApprovalEscalated,
    ApprovalExpired,
    ApprovalRejected,
    ApprovalReminded,
    DeploymentFailed,
    VoteCast,
    VoteDelegated,
)
from hitl.approval.state import ApprovalStatus
from hitl.machine.events import Event
from hitl.serving.events import Deployed, PolicyAdopted

MOVES: dict[tuple[ApprovalStatus, type[Event]], ApprovalStatus] = {
    (ApprovalStatus.PENDING, VoteCast): ApprovalStatus.PENDING,
    (ApprovalStatus.PENDING, ApprovalApproved): ApprovalStatus.APPROVED,
    (ApprovalStatus.PENDING, ApprovalRejected): ApprovalStatus.REJECTED,
    (ApprovalStatus.PENDING, ApprovalExpired): ApprovalStatus.EXPIRED,
    (ApprovalStatus.PENDING, ApprovalCancelled): ApprovalStatus.CANCELLED,
    (ApprovalStatus.PENDING, ApprovalReminded): ApprovalStatus.PENDING,
    (ApprovalStatus.PENDING, ApprovalEscalated): ApprovalStatus.PENDING,
    (ApprovalStatus.PENDING, VoteDelegated): ApprovalStatus.PENDING,
    (ApprovalStatus.REJECTED, ApprovalEscalated): ApprovalStatus.REJECTED,
    (ApprovalStatus.APPROVED, Deployed): ApprovalStatus.DEPLOYED,
    (ApprovalStatus.APPROVED, PolicyAdopted): ApprovalStatus.DEPLOYED,
    (ApprovalStatus.APPROVED, DeploymentFailed): ApprovalStatus.FAILED,
}
"""(status, event class) -> status. Only an approved one can deploy; a rejected, expired, cancelled or failed one is over."""
