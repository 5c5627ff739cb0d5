"""What a command does to the approvals: events, or a refusal. Changes nothing."""

from collections.abc import Collection
from dataclasses import replace

from hitl.approval import events
from hitl.approval.archiving import archive
from hitl.approval.asking import ask, request, standing, told
from hitl.approval.ballots import cancel, expire, vote
from hitl.approval.chain import nudge
from hitl.approval.commands import (
    AdoptDefinition,
    AdoptPolicy,
    ArchiveApprovals,
    AskApproval,
    CancelApproval,
    Command,
    DelegateVote,
    Deploy,
    EscalateApproval,
    Expire,
    FailDeployment,
    Nudge,
    RequestApproval,
    RollBack,
    SetAbsence,
    Vote,
)
from hitl.approval.defining import adopt_definition, why_last, why_stale
from hitl.approval.delegation import delegate, set_absence
from hitl.approval.escalating import escalate
from hitl.approval.finding import find
from hitl.approval.kinds import GATED, ApprovalKind
from hitl.approval.overtaking import why_overtaken
from hitl.approval.rules import ApprovalRules
from hitl.approval.state import Approval, ApprovalState, RequestStatus
from hitl.approval.views import DeployedApproval
from hitl.approval.voting import count
from hitl.errors import AlreadyServing, ApprovalClosed, DigestMismatch, InvalidInput, NeverDeployed, QuorumMissing
from hitl.machine.machine import Outcome
from hitl.serving import in_force as f
from hitl.serving.decide import adopt, decide_serving, next_fields
from hitl.serving.events import Deployed, RolledBack, Versions
from hitl.serving.views import RolledBackModel
from hitl.text_limits import MAX_TEXT, check_text


def decide(state: ApprovalState, command: Command, now: float, rules: ApprovalRules) -> Outcome:
    """Raises the HitlError that refuses the command."""
    match command:
        case RequestApproval():
            return request(state, command, rules, now)
        case AskApproval():
            return ask(state, command, rules, now)
        case Vote():
            return vote(state, command, rules, now)
        case CancelApproval():
            return cancel(state, command)
        case DelegateVote():
            return delegate(state, command, now)
        case SetAbsence():
            return set_absence(state, command, now)
        case EscalateApproval():
            return escalate(state, command, now)
        case Expire():
            return expire(state, command, rules)
        case Nudge():
            return nudge(state, command, now)
        case ArchiveApprovals():
            return archive(state, command)
        case Deploy():
            return _deploy(state, command)
        case FailDeployment():
            return _fail(state, command)
        case RollBack():
            return _roll_back(state, command)
        case AdoptPolicy():
            return _adopt(state, command)
        case AdoptDefinition():
            return _define(state, command)
        case _:
            return decide_serving(state.serving, command)


def _deploy(state: ApprovalState, command: Deploy) -> Outcome:
    approval = _approved(state, command.approval_id)
    if approval.kind != ApprovalKind.MODEL_DEPLOYMENT:
        raise InvalidInput("/approval_id", "the approval of a model")
    if command.digest != approval.digest:
        raise DigestMismatch(approval.digest, command.digest)
    if fallen := _fallen_short(approval, command.lapsed) or _overtaken(state, approval):
        return fallen
    versions = _shares_with(state, approval, command.share)
    now = f.with_model(state.serving.in_force(approval.task), _digests(state, approval.task, versions))
    said = next_fields(state.serving, approval.task, now, approval.approval_id, versions)
    event = Deployed(**said, digest=approval.digest)
    answer = DeployedApproval(*standing(approval), RequestStatus.DEPLOYED, approval.approving, event.generation)
    return Outcome([event], answer)


def _adopt(state: ApprovalState, command: AdoptPolicy) -> Outcome:
    approval = _approved(state, command.approval_id)
    body = approval.evidence.get("policy") if approval.kind == ApprovalKind.POLICY_CHANGE else None
    adopted = adopt(state.serving, approval.task, approval.approval_id, approval.digest, body, command.digest)
    return _fallen_short(approval, command.lapsed) or _overtaken(state, approval) or adopted


def _define(state: ApprovalState, command: AdoptDefinition) -> Outcome:
    approval = _approved(state, command.approval_id)
    if approval.kind != ApprovalKind.TASK_CHANGE:
        raise InvalidInput("/approval_id", "the approval of a task's definition")
    why = why_stale(state, approval) or why_last(state, approval)
    adopted = adopt_definition(state, approval, command.digest) if why is None else _failed(approval, why)
    return _fallen_short(approval, command.lapsed) or adopted


def _overtaken(state: ApprovalState, approval: Approval) -> Outcome | None:
    why = why_overtaken(state, approval)
    return None if why is None else _failed(approval, why)


def _fallen_short(approval: Approval, lapsed: Collection[str]) -> Outcome | None:
    """The end of an approval that has no quorum without the votes of ``lapsed``; None where it has one."""
    votes = {voter: vote for voter, vote in approval.votes.items() if voter not in lapsed}
    left = replace(approval, votes=votes)
    if _has_quorum(left):
        return None
    gone = ", ".join(voter for voter in approval.votes if voter not in votes)
    reason = f"{gone} may not vote any more: {left.approving} of {approval.quorum} approving votes are left"
    return Outcome([events.deployment_failed(approval, reason[:MAX_TEXT])], told(approval, RequestStatus.FAILED, left.approving))


def _has_quorum(approval: Approval) -> bool:
    return approval.approving >= approval.quorum and count(approval).status is RequestStatus.APPROVED


def _shares_with(state: ApprovalState, approval: Approval, share: float) -> Versions:
    if not 0.0 < share <= 1.0:
        raise InvalidInput("/share", "a share above 0, at most 1")
    others = [(digest, part) for digest, part in state.serving.versions(approval.task) if digest != approval.digest]
    whole = sum(part for _, part in others)
    if share == 1.0 or not whole:
        return [(approval.digest, 1.0)]
    return [*((digest, part / whole * (1 - share)) for digest, part in others), (approval.digest, share)]


def _digests(state: ApprovalState, task: str, versions: Versions) -> list[str]:
    """Return what serves before and after."""
    return [digest for digest, _ in (*state.serving.versions(task), *versions)]


def _fail(state: ApprovalState, command: FailDeployment) -> Outcome:
    approval = _approved(state, command.approval_id)
    return _failed(approval, command.reason)


def _failed(approval: Approval, reason: str) -> Outcome:
    event = events.deployment_failed(approval, reason[:MAX_TEXT])
    return Outcome([event], told(approval, RequestStatus.FAILED, approval.approving))


def _approved(state: ApprovalState, approval_id: str) -> Approval:
    """Return the approval of what is to serve, with its quorum counted again. Raises NotFound, InvalidInput, QuorumMissing or
    ApprovalClosed."""
    approval = find(state, approval_id)
    if approval.kind not in GATED:
        raise InvalidInput("/approval_id", "the approval of a model, of a policy or of a task's definition")
    if approval.status not in (RequestStatus.PENDING, RequestStatus.APPROVED):
        raise ApprovalClosed(approval_id, approval.status.value)
    if approval.status is RequestStatus.PENDING or not _has_quorum(approval):
        raise QuorumMissing(approval_id, approval.approving, approval.quorum)
    return approval


def _roll_back(state: ApprovalState, command: RollBack) -> Outcome:
    check_text("/reason", command.reason)
    bytes_of_task = (command.task, command.digest)
    if bytes_of_task not in state.serving.approved_by:
        raise NeverDeployed(command.task, command.digest)
    if bytes_of_task in state.serving.rejected:
        raise ApprovalClosed(state.serving.rejected[bytes_of_task], RequestStatus.REJECTED.value)
    if state.serving.versions(command.task) == [(command.digest, 1.0)]:
        raise AlreadyServing(command.task, command.digest)
    versions: Versions = [(command.digest, 1.0)]
    serving = _digests(state, command.task, versions)
    now = f.with_model(state.serving.in_force(command.task), serving)
    approval_id = state.serving.approved_by[bytes_of_task]
    said = next_fields(state.serving, command.task, now, approval_id, versions)
    event = RolledBack(**said, digest=command.digest, operator=command.operator, reason=command.reason)
    answer = RolledBackModel(event.task, event.generation, event.versions, event.digest, approval_id)
    return Outcome([event], answer)
