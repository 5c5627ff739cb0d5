"""Who may see an approval, who may vote on it, and who may be shown what is sealed of it.

What somebody may not see does not exist for them."""

from hitl.approval.finding import find
from hitl.approval.listed import ListedApproval
from hitl.approval.state import Approval, ApprovalState, RequestStatus
from hitl.errors import Forbidden, NotFound
from hitl.identity import Principal, Role

READERS = (Role.APPROVER, Role.TRAINER, Role.OPERATOR)


def may_see(person: Principal | None, approval: Approval | ListedApproval) -> bool:
    """Its author, who is asked by name, and the readers of its task; what is no task's is for readers of every task."""
    if person is None or person.id == approval.requested_by or person.id in approval.asked:
        return True
    return is_reader_of(person, approval.task)


def is_reader_of(person: Principal, task: str) -> bool:
    """Tell whether ``person`` may see every approval of ``task``."""
    return person.may(*READERS) and person.sees(task)


def visible(state: ApprovalState, approval_id: str, person: Principal | None) -> Approval:
    """Raises NotFound."""
    found = find(state, approval_id)
    if not may_see(person, found):
        raise NotFound("approval", approval_id)
    return found


def require_voice(approval: Approval, voter: str) -> None:
    """Raises Forbidden for who may not vote on it."""
    if voter == approval.requested_by:
        raise Forbidden(voter, "vote on their own request")
    if voter in approval.policy["excluded"]:
        raise Forbidden(voter, "vote on this: they took part in it")
    if not approval.is_open and voter not in approval.asked:
        raise Forbidden(voter, "vote on this: others are asked")


def require_sight(approval: Approval, person: Principal) -> None:
    """What is sealed is for operators, and for approvers as long as they may vote on it. Raises Forbidden."""
    if person.may(Role.OPERATOR):
        return
    person.require("see what is sealed", Role.APPROVER)
    if approval.status is not RequestStatus.PENDING:
        raise Forbidden(person.id, "see what is sealed of a request that waits for no vote")
    require_voice(approval, person.id)
