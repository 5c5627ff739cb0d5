"""What a command does to the approvals: events, or a refusal. Changes nothing."""

from math import isfinite
from typing import Any

from hitl.approval import events
from hitl.approval.commands import Command, Deploy, Expire, FailDeployment, RequestApproval, RollBack, Vote
from hitl.approval.serving import in_force as f
from hitl.approval.serving.commands import AdoptPolicy
from hitl.approval.serving.decide import POLICY_CHANGE, adopt, check_policy, decide_serving
from hitl.approval.state import Approval, ApprovalState, Ballot, Status
from hitl.errors import (
    AlreadyServing,
    AlreadyVoted,
    ApprovalClosed,
    DigestMismatch,
    Forbidden,
    InvalidInput,
    NeverDeployed,
    NotFound,
    QuorumMissing,
)
from hitl.machine.machine import Outcome

KINDS = ("model_deployment", POLICY_CHANGE)
MAX_QUORUM = 100
MAX_TEXT = 4_000
"""Characters of a title, a comment or a reason: it is journalled."""


def decide(state: ApprovalState, command: Command, now: float) -> Outcome:
    """Raises the HitlError that refuses the command."""
    match command:
        case RequestApproval():
            return _request(state, command, now)
        case Vote():
            return _vote(state, command, now)
        case Expire():
            return _expire(state, command)
        case Deploy():
            return _deploy(state, command)
        case FailDeployment():
            return _fail(state, command)
        case RollBack():
            return _roll_back(state, command)
        case AdoptPolicy():
            return adopt(state, _approved(state, command.approval_id), command.digest)
        case _:
            return decide_serving(state, command)


def find(state: ApprovalState, approval_id: str) -> Approval:
    """Raises NotFound."""
    if approval_id not in state.approvals:
        raise NotFound("approval", approval_id)
    return state.approvals[approval_id]


def _request(state: ApprovalState, command: RequestApproval, now: float) -> Outcome:
    _check_request(command, now)
    bytes_of_task = (command.task, command.digest)
    if bytes_of_task in state.rejected:
        raise ApprovalClosed(state.rejected[bytes_of_task], Status.REJECTED.value)
    if bytes_of_task in state.open:
        approval = state.approvals[state.open[bytes_of_task]]
        return Outcome([], _told(approval, approval.status, approval.approving))
    approval_id = f"{command.task}-{state.numbers.get(command.task, 0) + 1}"
    event = events.requested(approval_id, command)
    names = ("approval_id", "task", "digest", "quorum", "expires_at")
    return Outcome([event], {**{name: event[name] for name in names}, "status": "pending", "approving": 0})


def _check_request(command: RequestApproval, now: float) -> None:
    if command.kind not in KINDS:
        raise InvalidInput("/kind", f"one of {', '.join(KINDS)}")
    if not command.digest:
        raise InvalidInput("/digest", "the digest of the model")
    if not 1 <= command.quorum <= MAX_QUORUM:
        raise InvalidInput("/quorum", f"a number of people in [1, {MAX_QUORUM}]")
    if not (isfinite(command.expires_at) and command.expires_at > now):
        raise InvalidInput("/expires_at", "a time to come")
    if command.kind == POLICY_CHANGE:
        check_policy(command.evidence.get("policy"))
    _check_text("/title", command.title)


def _vote(state: ApprovalState, command: Vote, now: float) -> Outcome:
    approval = find(state, command.approval_id)
    _check_vote(approval, command, now)
    cast = events.vote_cast(approval, command)
    if command.vote == Ballot.REJECT:
        return Outcome([cast, events.rejected(approval, command)], _told(approval, Status.REJECTED, approval.approving))
    approving = approval.approving + 1
    if approving < approval.quorum:
        return Outcome([cast], _told(approval, Status.PENDING, approving))
    return Outcome([cast, events.approved(approval)], _told(approval, Status.APPROVED, approving))


def _check_vote(approval: Approval, command: Vote, now: float) -> None:
    if command.vote not in tuple(Ballot):
        raise InvalidInput("/vote", "approve or reject")
    _check_text("/comment", command.comment)
    if approval.status is not Status.PENDING:
        raise ApprovalClosed(approval.approval_id, approval.status.value)
    if now >= approval.expires_at:
        raise ApprovalClosed(approval.approval_id, Status.EXPIRED.value)
    if command.voter == approval.requested_by:
        raise Forbidden(command.voter, "vote on their own request")
    if command.digest != approval.digest:
        raise DigestMismatch(approval.digest, command.digest)
    if command.voter in approval.votes:
        raise AlreadyVoted(approval.approval_id, command.voter)


def _expire(state: ApprovalState, command: Expire) -> Outcome:
    approval = find(state, command.approval_id)
    if approval.status is not Status.PENDING:
        return Outcome([])
    return Outcome([events.expired(approval)], _told(approval, Status.EXPIRED, approval.approving))


def _deploy(state: ApprovalState, command: Deploy) -> Outcome:
    approval = _approved(state, command.approval_id)
    if command.digest != approval.digest:
        raise DigestMismatch(approval.digest, command.digest)
    versions = _shares_with(state, approval, command.share)
    now = f.with_model(state.in_force(approval.task), _digests(state, approval.task, versions))
    event = events.deployed(approval, state.generation(approval.task) + 1, versions, now)
    return Outcome([event], {**_told(approval, Status.DEPLOYED, approval.approving), "generation": event["generation"]})


def _shares_with(state: ApprovalState, approval: Approval, share: float) -> list[list[Any]]:
    if not 0.0 < share <= 1.0:
        raise InvalidInput("/share", "a share above 0, at most 1")
    others = [[digest, part] for digest, part in state.versions(approval.task) if digest != approval.digest]
    whole = sum(part for _, part in others)
    if share == 1.0 or not whole:
        return [[approval.digest, 1.0]]
    return [*([digest, part / whole * (1 - share)] for digest, part in others), [approval.digest, share]]


def _digests(state: ApprovalState, task: str, versions: list[list[Any]]) -> list[str]:
    """What serves before and after."""
    return [digest for digest, _ in (*state.versions(task), *versions)]


def _fail(state: ApprovalState, command: FailDeployment) -> Outcome:
    approval = _approved(state, command.approval_id)
    event = events.deployment_failed(approval, command.reason[:MAX_TEXT])
    return Outcome([event], _told(approval, Status.FAILED, approval.approving))


def _approved(state: ApprovalState, approval_id: str) -> Approval:
    """The approval, with its quorum counted again. Raises NotFound, QuorumMissing or ApprovalClosed."""
    approval = find(state, approval_id)
    if approval.status not in (Status.PENDING, Status.APPROVED):
        raise ApprovalClosed(approval_id, approval.status.value)
    if approval.status is Status.PENDING or approval.approving < approval.quorum:
        raise QuorumMissing(approval_id, approval.approving, approval.quorum)
    return approval


def _roll_back(state: ApprovalState, command: RollBack) -> Outcome:
    _check_text("/reason", command.reason)
    bytes_of_task = (command.task, command.digest)
    if bytes_of_task not in state.approved_by:
        raise NeverDeployed(command.task, command.digest)
    if bytes_of_task in state.rejected:
        raise ApprovalClosed(state.rejected[bytes_of_task], Status.REJECTED.value)
    if state.versions(command.task) == [[command.digest, 1.0]]:
        raise AlreadyServing(command.task, command.digest)
    serving = _digests(state, command.task, [[command.digest, 1.0]])
    now = f.with_model(state.in_force(command.task), serving)
    event = events.rolled_back(command, state.approved_by[bytes_of_task], state.generation(command.task) + 1, now)
    names = ("task", "digest", "generation", "versions", "approval_id")
    return Outcome([event], {name: event[name] for name in names})


def _told(approval: Approval, status: Status, approving: int) -> dict[str, str | int | float]:
    names = ("approval_id", "task", "digest", "quorum", "expires_at")
    return {**{name: getattr(approval, name) for name in names}, "status": status.value, "approving": approving}


def _check_text(place: str, text: str) -> None:
    if len(text) > MAX_TEXT:
        raise InvalidInput(place, f"at most {MAX_TEXT} characters")
