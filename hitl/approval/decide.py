"""What a command does to the approvals: events, or a refusal. Changes nothing."""

from hitl.approval import events
from hitl.approval.asking import MAX_TEXT, ask, check_text, request, told
from hitl.approval.ballots import cancel, expire, vote
from hitl.approval.commands import (
    AskApproval,
    CancelApproval,
    Command,
    Deploy,
    Expire,
    FailDeployment,
    RequestApproval,
    RollBack,
    Vote,
)
from hitl.approval.finding import find
from hitl.approval.kinds import Kind
from hitl.approval.rules import ApprovalRules
from hitl.approval.state import Approval, ApprovalState, Status
from hitl.approval.voting import count
from hitl.errors import AlreadyServing, ApprovalClosed, DigestMismatch, InvalidInput, NeverDeployed, QuorumMissing
from hitl.machine.machine import Outcome


def decide(state: ApprovalState, command: Command, now: float, rules: ApprovalRules) -> Outcome:
    """Raises the HitlError that refuses the command."""
    match command:
        case RequestApproval():
            return request(state, command, now)
        case AskApproval():
            return ask(state, command, rules, now)
        case Vote():
            return vote(state, command, now)
        case CancelApproval():
            return cancel(state, command)
        case Expire():
            return expire(state, command)
        case Deploy():
            return _deploy(state, command)
        case FailDeployment():
            return _fail(state, command)
        case RollBack():
            return _roll_back(state, command)


def _deploy(state: ApprovalState, command: Deploy) -> Outcome:
    approval = _approved(state, command.approval_id)
    if command.digest != approval.digest:
        raise DigestMismatch(approval.digest, command.digest)
    event = events.deployed(approval, state.generation(approval.task) + 1)
    return Outcome([event], {**told(approval, Status.DEPLOYED, approval.approving), "generation": event["generation"]})


def _fail(state: ApprovalState, command: FailDeployment) -> Outcome:
    approval = _approved(state, command.approval_id)
    event = events.deployment_failed(approval, command.reason[:MAX_TEXT])
    return Outcome([event], told(approval, Status.FAILED, approval.approving))


def _approved(state: ApprovalState, approval_id: str) -> Approval:
    """A model's approval, with its quorum counted again. Raises NotFound, InvalidInput, QuorumMissing or ApprovalClosed."""
    approval = find(state, approval_id)
    if approval.kind != Kind.MODEL_DEPLOYMENT:
        raise InvalidInput("/approval_id", "the approval of a model")
    if approval.status not in (Status.PENDING, Status.APPROVED):
        raise ApprovalClosed(approval_id, approval.status.value)
    is_met = approval.approving >= approval.quorum and count(approval).status is Status.APPROVED
    if approval.status is Status.PENDING or not is_met:
        raise QuorumMissing(approval_id, approval.approving, approval.quorum)
    return approval


def _roll_back(state: ApprovalState, command: RollBack) -> Outcome:
    check_text("/reason", command.reason)
    bytes_of_task = (command.task, command.digest)
    if bytes_of_task not in state.approved_by:
        raise NeverDeployed(command.task, command.digest)
    if bytes_of_task in state.rejected:
        raise ApprovalClosed(state.rejected[bytes_of_task], Status.REJECTED.value)
    if state.versions(command.task) == [[command.digest, 1.0]]:
        raise AlreadyServing(command.task, command.digest)
    event = events.rolled_back(command, state.approved_by[bytes_of_task], state.generation(command.task) + 1)
    names = ("task", "digest", "generation", "versions", "approval_id")
    return Outcome([event], {name: event[name] for name in names})
