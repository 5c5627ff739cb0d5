"""Tell people again of a request that waits, because somebody asks for it."""

from hitl.approval import events
from hitl.approval.asking import told
from hitl.approval.ballots import require_pending
from hitl.approval.commands import EscalateApproval
from hitl.approval.events import ApprovalEscalated
from hitl.approval.state import Approval, ApprovalState
from hitl.approval.visibility import visible
from hitl.errors import Forbidden, InvalidInput
from hitl.identity import Role
from hitl.machine.machine import Outcome
from hitl.text_limits import check_text

MOST = 20
"""Requested escalations of one approval: each is journalled, and told to people."""

REQUESTED = "requested"


def escalate(state: ApprovalState, command: EscalateApproval, now: float) -> Outcome:
    """Nobody may vote because of it who might not before."""
    approval = visible(state, command.approval_id, command.person)
    if command.person.id != approval.requested_by and not command.person.may(Role.OPERATOR):
        raise Forbidden(command.person.id, "escalate another's request")
    check_text("/escalation_msg", command.message)
    require_pending(approval, now)
    if _requested_so_far(approval) >= MOST:
        raise InvalidInput("/escalation_msg", f"nothing: it was escalated {MOST} times; withdraw the request and ask anew")
    return Outcome([events.escalation_requested(approval, command.message)], told(approval, approval.status, approval.approving))


def _requested_so_far(approval: Approval) -> int:
    kind = ApprovalEscalated.__name__
    return sum(entry["type"] == kind and entry.get("cause") == REQUESTED for entry in approval.history)
