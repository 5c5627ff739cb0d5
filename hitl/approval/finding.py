"""An approval by its id."""

from hitl.approval.state import Approval, ApprovalState, RequestStatus
from hitl.errors import NotFound


def find(state: ApprovalState, approval_id: str) -> Approval:
    """Raises NotFound, also for one that is in the archive: whoever asks for it looks there."""
    found = state.approvals.get(approval_id)
    if found is None:
        raise NotFound("approval", approval_id)
    return found


def is_over(state: ApprovalState, approval_id: str) -> bool:
    """Tell whether the approval waits for nobody any more. Raises NotFound, also for one that left memory."""
    return find(state, approval_id).status is not RequestStatus.PENDING
