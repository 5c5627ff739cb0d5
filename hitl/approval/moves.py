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
from hitl.approval.state import RequestStatus
from hitl.machine.events import Event
from hitl.serving.events import DefinitionAdopted, Deployed, PolicyAdopted

MOVES: dict[tuple[RequestStatus, type[Event]], RequestStatus] = {
    (RequestStatus.PENDING, VoteCast): RequestStatus.PENDING,
    (RequestStatus.PENDING, ApprovalApproved): RequestStatus.APPROVED,
    (RequestStatus.PENDING, ApprovalRejected): RequestStatus.REJECTED,
    (RequestStatus.PENDING, ApprovalExpired): RequestStatus.EXPIRED,
    (RequestStatus.PENDING, ApprovalCancelled): RequestStatus.CANCELLED,
    (RequestStatus.PENDING, ApprovalReminded): RequestStatus.PENDING,
    (RequestStatus.PENDING, ApprovalEscalated): RequestStatus.PENDING,
    (RequestStatus.PENDING, VoteDelegated): RequestStatus.PENDING,
    (RequestStatus.REJECTED, ApprovalEscalated): RequestStatus.REJECTED,
    (RequestStatus.APPROVED, Deployed): RequestStatus.DEPLOYED,
    (RequestStatus.APPROVED, PolicyAdopted): RequestStatus.DEPLOYED,
    (RequestStatus.APPROVED, DefinitionAdopted): RequestStatus.DEPLOYED,
    (RequestStatus.APPROVED, DeploymentFailed): RequestStatus.FAILED,
}
"""(status, event class) -> status. Only an approved one can deploy; a rejected, expired, cancelled or failed one is over."""
