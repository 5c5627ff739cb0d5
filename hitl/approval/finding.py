"""An approval by its id."""

from hitl.approval.state import Approval, ApprovalState
from hitl.errors import NotFound


def find(state: ApprovalState, approval_id: str) -> Approval:
    """Raises NotFound."""
    if approval_id not in state.approvals:
        raise NotFound("approval", approval_id)
    return state.approvals[approval_id]
