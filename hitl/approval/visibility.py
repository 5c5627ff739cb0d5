"""Who may see an approval. What somebody may not see does not exist for them."""

from hitl.approval.finding import find
from hitl.approval.state import Approval, ApprovalState
from hitl.errors import NotFound
from hitl.identity import Principal, Role

READERS = (Role.APPROVER, Role.TRAINER, Role.OPERATOR)


def may_see(person: Principal | None, approval: Approval) -> bool:
    """Its author, who is asked by name, and the readers of its task; what is no task's is for readers of every task."""
    if person is None or person.id == approval.requested_by or person.id in approval.asked:
        return True
    return person.may(*READERS) and person.sees(approval.task)


def visible(state: ApprovalState, approval_id: str, person: Principal | None) -> Approval:
    """Raises NotFound."""
    found = find(state, approval_id)
    if not may_see(person, found):
        raise NotFound("approval", approval_id)
    return found
