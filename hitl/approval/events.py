"""The events of approvals. docs/journal.md describes them field by field.

Fields with a default are those that entries of earlier versions lack.
"""

from typing import TypeAlias

from msgspec import UNSET, UnsetType, field
from msgspec.structs import replace
from typing_extensions import TypedDict

from hitl.approval.commands import AskApproval, CancelApproval, RequestApproval, SetAbsence, Vote
from hitl.approval.electorate import Electorate
from hitl.approval.state import Approval
from hitl.approval.stored import StoredDefault, StoredOption, StoredPolicy, StoredStep, StoredTelling
from hitl.canonical import JsonObject
from hitl.cipher_texts import CipherTexts
from hitl.machine.events import Event, EventCodec
from hitl.serving.events import DefinitionsRecorded, ServingEvent


class ApprovalRequested(Event):
    """A request with everything that it will ever need; hitl.approval.state.Approval tells what the fields mean."""

    approval_id: str
    kind: str
    task: str
    digest: str
    title: str
    evidence: JsonObject
    requested_by: str
    quorum: int
    expires_at: float
    description: str = ""
    context: JsonObject = field(default_factory=dict)
    options: list[StoredOption] = field(default_factory=list)
    urgency: str = "medium"
    metadata: JsonObject = field(default_factory=dict)
    checks: list[JsonObject] = field(default_factory=list)
    policy: StoredPolicy | UnsetType = UNSET
    asked: list[str] = field(default_factory=list)
    is_open: bool = True
    default: StoredDefault | None = None
    shown: str | None = None
    schedule: list[StoredStep] = field(default_factory=list)
    tells: StoredTelling | None = None
    sealed: dict[str, str] | UnsetType = UNSET
    cipher: CipherTexts | UnsetType = UNSET


class ApprovalChanged(Event):
    """Base of what happens to one approval."""

    approval_id: str
    task: str
    digest: str


class VoteCast(ApprovalChanged):
    """``vote`` is approve or reject, ``option`` the value of the option that was chosen. ``via`` is absent where the voter was
    signed in."""

    voter: str
    vote: str
    comment: str
    option: str | UnsetType = UNSET
    via: str | UnsetType = UNSET


class ApprovalApproved(ApprovalChanged):
    """``voter`` and ``reason`` are those of the deadline; votes speak for themselves."""

    choice: str | None | UnsetType = UNSET
    voter: str | UnsetType = UNSET
    reason: str | None | UnsetType = UNSET


class ApprovalRejected(ApprovalChanged):
    """``voter`` gave the vote that ended it, or is the deadline's name."""

    voter: str
    reason: str
    choice: str | None | UnsetType = UNSET


class ApprovalExpired(ApprovalChanged):
    """Nobody decided in time."""


class ApprovalCancelled(ApprovalChanged):
    """It was withdrawn before anybody decided."""

    by: str
    reason: str


class ApprovalReminded(ApprovalChanged):
    """``to`` empty: everybody who may vote on it."""

    kind: str
    title: str
    to: list[str]
    step: int | None


class ApprovalEscalated(ApprovalChanged):
    """``cause`` is timeout, away, high_risk, rejection or requested; ``ask`` may vote from now on, or after a rejection are told
    of it. ``message`` is that of the person who requested it: they choose nobody."""

    cause: str
    rule: str
    groups: list[str]
    ask: list[str]
    step: int | None
    kind: str
    title: str
    urgency: str
    message: str | UnsetType = UNSET


class VoteDelegated(ApprovalChanged):
    """``to`` votes in place of ``by``; ``cause`` is delegated or away."""

    by: str
    to: str
    cause: str
    reason: str


class DeploymentFailed(ApprovalChanged):
    """What was approved cannot serve."""

    reason: str


class ApprovalArchived(ApprovalChanged):
    """The approval left memory: it is over, and decides nothing of what serves. ``kept`` is the SHA-256 of what is kept of it."""

    kept: str


class AbsenceSet(Event):
    """``person`` is away until ``until`` (UTC seconds); ``deputy`` is asked in their place."""

    person: str
    until: float
    deputy: str | None
    by: str


Decided: TypeAlias = ApprovalApproved | ApprovalRejected | ApprovalExpired | ApprovalCancelled
OfOne: TypeAlias = VoteCast | Decided | ApprovalReminded | ApprovalEscalated | VoteDelegated | DeploymentFailed
ApprovalEvent: TypeAlias = ApprovalRequested | OfOne | ApprovalArchived | AbsenceSet | DefinitionsRecorded | ServingEvent

EVENTS: EventCodec[ApprovalEvent] = EventCodec(ApprovalEvent)


def requested(approval_id: str, command: RequestApproval, who: Electorate, options: list[StoredOption]) -> ApprovalRequested:
    return replace(
        _request(approval_id, command, who, options, command.quorum, float(command.expires_at)),
        digest=command.digest,
        evidence=command.evidence,
    )


def asked(
    approval_id: str, command: AskApproval, who: Electorate, options: list[StoredOption], expires_at: float
) -> ApprovalRequested:
    """Without its digest, which is of what is shown of it. Its quorum is for readers; ``policy`` says how votes count."""
    request = _request(approval_id, command, who, options, max(1, round(who.policy["need"])), expires_at)
    return replace(request, checks=command.checks)


def vote_cast(approval: Approval, command: Vote, option: StoredOption) -> VoteCast:
    """``via`` stands only where the vote came from a chat."""
    said, option_value = command.comment, option["value"]
    via = UNSET if command.via is None else command.via
    return VoteCast(**_ids(approval), voter=command.voter, vote=option["outcome"], option=option_value, comment=said, via=via)


def approved(approval: Approval, choice: str | None, by: str | None = None, reason: str | None = None) -> ApprovalApproved:
    """``by`` and ``reason`` are those of the deadline; votes speak for themselves."""
    if by is None:
        return ApprovalApproved(**_ids(approval), choice=choice)
    return ApprovalApproved(**_ids(approval), choice=choice, voter=by, reason=reason)


def rejected(approval: Approval, voter: str, choice: str | None, reason: str) -> ApprovalRejected:
    return ApprovalRejected(**_ids(approval), voter=voter, choice=choice, reason=reason)


def expired(approval: Approval) -> ApprovalExpired:
    return ApprovalExpired(**_ids(approval))


def cancelled(approval: Approval, command: CancelApproval) -> ApprovalCancelled:
    return ApprovalCancelled(**_ids(approval), by=command.by, reason=command.reason)


def reminded(approval: Approval, to: list[str], step: int) -> ApprovalReminded:
    return ApprovalReminded(**_ids(approval), kind=approval.kind, title=approval.title, to=to, step=step)


def escalated(
    approval: Approval, cause: str, rule: str, groups: list[str], ask: list[str], step: int | None
) -> ApprovalEscalated:
    """Tell that more people are asked: ``groups`` by the names that are configured, ``ask`` the people in them. ``step`` is the
    step of the chain, None where no deadline led here."""
    return ApprovalEscalated(
        **_ids(approval),
        cause=cause,
        rule=rule,
        groups=groups,
        ask=ask,
        step=step,
        kind=approval.kind,
        title=approval.title,
        urgency=approval.urgency,
    )


def escalation_requested(approval: Approval, message: str) -> ApprovalEscalated:
    return replace(escalated(approval, "requested", "escalated_on_request", [], [], None), message=message)


def delegated(approval: Approval, by: str, to: str, cause: str, reason: str) -> VoteDelegated:
    return VoteDelegated(**_ids(approval), by=by, to=to, cause=cause, reason=reason)


def absence_set(command: SetAbsence) -> AbsenceSet:
    return AbsenceSet(person=command.person, until=float(command.until), deputy=command.deputy, by=command.by)


def archived(approval: Approval, kept: str) -> ApprovalArchived:
    return ApprovalArchived(**_ids(approval), kept=kept)


def deployment_failed(approval: Approval, reason: str) -> DeploymentFailed:
    return DeploymentFailed(**_ids(approval), reason=reason)


class _Ids(TypedDict):
    """What every event about one approval says of it."""

    approval_id: str
    task: str
    digest: str


def _ids(approval: Approval) -> _Ids:
    return {"approval_id": approval.approval_id, "task": approval.task, "digest": approval.digest}


def _request(
    approval_id: str,
    command: RequestApproval | AskApproval,
    who: Electorate,
    options: list[StoredOption],
    quorum: int,
    expires_at: float,
) -> ApprovalRequested:
    """Return what both kinds of request say of themselves; its digest and its evidence are still empty."""
    return ApprovalRequested(
        approval_id=approval_id,
        kind=command.kind,
        task=command.task,
        digest="",
        title=command.title,
        evidence={},
        requested_by=command.requested_by,
        quorum=quorum,
        expires_at=expires_at,
        description=command.description,
        context=command.context,
        options=options,
        urgency=command.urgency,
        metadata=command.metadata,
        policy=who.policy,
        asked=who.asked,
        is_open=who.is_open,
        sealed=command.sealed or UNSET,
        cipher=command.cipher if command.sealed else UNSET,
    )
