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
from hitl.approval.state import Status
from hitl.machine.events import Event
from hitl.serving.events import Deployed, PolicyAdopted

MOVES: dict[tuple[Status, type[Event]], Status] = {
    (Status.PENDING, VoteCast): Status.PENDING,
    (Status.PENDING, ApprovalApproved): Status.APPROVED,
    (Status.PENDING, ApprovalRejected): Status.REJECTED,
    (Status.PENDING, ApprovalExpired): Status.EXPIRED,
    (Status.PENDING, ApprovalCancelled): Status.CANCELLED,
    (Status.PENDING, ApprovalReminded): Status.PENDING,
    (Status.PENDING, ApprovalEscalated): Status.PENDING,
    (Status.PENDING, VoteDelegated): Status.PENDING,
    (Status.REJECTED, ApprovalEscalated): Status.REJECTED,
    (Status.APPROVED, Deployed): Status.DEPLOYED,
    (Status.APPROVED, PolicyAdopted): Status.DEPLOYED,
    (Status.APPROVED, DeploymentFailed): Status.FAILED,
}
"""(status, event class) -> status. Only an approved one can deploy; a rejected, expired, cancelled or failed one is over."""
