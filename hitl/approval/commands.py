"""What can be asked of the approvals. Identities come from the caller's token, never from a body."""

from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias

from hitl.approval import views
from hitl.approval.stored import StoredDefault, WantedOption, WantedPolicy
from hitl.canonical import JsonObject
from hitl.cipher_texts import CipherTexts
from hitl.identity import Principal
from hitl.machine.asked import Command as Answered
from hitl.serving.commands import ServingCommand
from hitl.serving.views import AdoptedDefinition, ChangedPolicy, RolledBackModel


@dataclass(frozen=True, slots=True)
class RequestApproval(Answered[views.ApprovalStanding]):
    """Ask that the model or policy with ``digest`` may serve ``task``. One that is open already gets its open approval again.

    ``evidence`` is any JSON object for the voters; ``quorum`` approving votes approve it; at ``expires_at`` (UTC
    seconds) an undecided one ends. ``sealed`` and ``cipher`` are those of hitl.sealing.SealedParts: where they name a value,
    ``context`` and ``metadata`` have its mask.
    """

    ANSWER: ClassVar[object] = views.ApprovalStanding

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
    urgency: str = "medium"
    metadata: JsonObject = field(default_factory=dict)
    sealed: dict[str, str] = field(default_factory=dict)
    cipher: CipherTexts = field(default_factory=CipherTexts)


@dataclass(frozen=True, slots=True)
class AskApproval(Answered[views.ApprovalStanding]):
    """Ask people about anything that does not decide what serves. Its digest is made here, of exactly what is shown.

    ``options`` are ``{label, value, recommended, outcome}``; ``checks`` what programs found; ``policy`` how votes count, where
    the kind leaves that open: ``{rule, k, approvers, groups, requires, weights, veto, excluded}``; ``default`` names, in words,
    what holds when nobody decides in time: ``{option, reason}``; None: then it is not approved. ``approval_id`` None: a number.
    ``sealed`` and ``cipher`` are as those of a RequestApproval.
    """

    ANSWER: ClassVar[object] = views.ApprovalStanding

    kind: str
    task: str
    title: str
    requested_by: str
    description: str = ""
    context: JsonObject = field(default_factory=dict)
    options: list[WantedOption] = field(default_factory=list)
    urgency: str = "medium"
    timeout_s: float | None = None
    metadata: JsonObject = field(default_factory=dict)
    checks: list[JsonObject] = field(default_factory=list)
    policy: WantedPolicy = field(default_factory=WantedPolicy)
    default: StoredDefault | None = None
    approval_id: str | None = None
    sealed: dict[str, str] = field(default_factory=dict)
    cipher: CipherTexts = field(default_factory=CipherTexts)


@dataclass(frozen=True, slots=True)
class Vote(Answered[views.ApprovalStanding]):
    """``vote`` is the value of an option, or ``approve`` or ``reject`` where there is one of that kind; ``digest`` repeats what
    the voter has looked at, and ``shown``, if given, all that was shown with it. ``via`` is the way from outside by which it
    came (``link``, ``slack``, ``teams``); None: the voter was signed in."""

    ANSWER: ClassVar[object] = views.ApprovalStanding

    approval_id: str
    voter: str
    vote: str
    digest: str
    comment: str = ""
    shown: str | None = None
    via: str | None = None


@dataclass(frozen=True, slots=True)
class DelegateVote(Answered[views.ApprovalStanding]):
    """Let ``to`` vote in place of ``by``, who is asked by name."""

    ANSWER: ClassVar[object] = views.ApprovalStanding
    NAME: ClassVar[str] = "Delegate"
    """Its name in journals."""

    approval_id: str
    by: str
    to: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SetAbsence(Answered[views.NotedAbsence]):
    """``person`` is away until ``until`` (UTC seconds; one that has passed: back again); ``deputy`` is asked in their place."""

    ANSWER: ClassVar[object] = views.NotedAbsence

    person: str
    until: float
    deputy: str | None
    by: str


@dataclass(frozen=True, slots=True)
class Nudge(Answered[views.UnchangedApproval]):
    """Sent by time: step ``step`` of the approval's schedule is due."""

    ANSWER: ClassVar[object] = views.UnchangedApproval

    approval_id: str
    step: int


@dataclass(frozen=True, slots=True)
class CancelApproval(Answered[views.ApprovalStanding]):
    """Withdraw a request that nobody has decided."""

    ANSWER: ClassVar[object] = views.ApprovalStanding

    approval_id: str
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EscalateApproval(Answered[views.ApprovalStanding]):
    """Tell people again of a request that waits, with the ``message`` of ``person``: who made it, or an operator."""

    ANSWER: ClassVar[object] = views.ApprovalStanding

    approval_id: str
    person: Principal
    message: str


@dataclass(frozen=True, slots=True)
class Expire(Answered[views.ApprovalStanding | views.UnchangedApproval]):
    """Sent by time: the approval's end has come."""

    ANSWER: ClassVar[object] = (views.ApprovalStanding, views.UnchangedApproval)

    approval_id: str


@dataclass(frozen=True, slots=True)
class Deploy(Answered[views.DeployedApproval | views.ApprovalStanding]):
    """Let the approved ``digest`` serve: the commit point of a promotion. Its bytes were found and loaded before.
    Under a ``share`` of 1 what serves keeps the rest, in its proportions; the first model gets all. The votes of ``lapsed``,
    people who may not vote any more, do not count: without its quorum the approval fails."""

    ANSWER: ClassVar[object] = (views.DeployedApproval, views.ApprovalStanding)

    approval_id: str
    digest: str
    share: float = 1.0
    lapsed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AdoptPolicy(Answered[ChangedPolicy | views.ApprovalStanding]):
    """Let the approved policy with version ``digest`` route the task: the commit point of a policy change. ``lapsed`` as of a
    Deploy."""

    ANSWER: ClassVar[object] = (ChangedPolicy, views.ApprovalStanding)

    approval_id: str
    digest: str
    lapsed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AdoptDefinition(Answered[AdoptedDefinition | views.ApprovalStanding]):
    """Let the approved definition with version ``digest`` define the task: the commit point of its change. ``lapsed`` as of a
    Deploy."""

    ANSWER: ClassVar[object] = (AdoptedDefinition, views.ApprovalStanding)

    approval_id: str
    digest: str
    lapsed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FailDeployment(Answered[views.ApprovalStanding]):
    """The approved bytes are missing or cannot be loaded."""

    ANSWER: ClassVar[object] = views.ApprovalStanding

    approval_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class RollBack(Answered[RolledBackModel]):
    """Let a digest serve again that was deployed before."""

    ANSWER: ClassVar[object] = RolledBackModel

    task: str
    digest: str
    operator: str
    reason: str


@dataclass(frozen=True, slots=True)
class ArchiveApprovals(Answered[views.ArchivedApprovals]):
    """Sent by time: let approvals that are over leave memory, each named with the digest of what was kept of it in the archive.
    One that decides what serves stays."""

    ANSWER: ClassVar[object] = views.ArchivedApprovals

    approvals: tuple[tuple[str, str], ...]


OfPeople: TypeAlias = RequestApproval | AskApproval | Vote | DelegateVote | SetAbsence | CancelApproval | EscalateApproval
TakingEffect: TypeAlias = Deploy | AdoptPolicy | AdoptDefinition
OfTime: TypeAlias = Expire | Nudge | ArchiveApprovals
Command: TypeAlias = OfPeople | OfTime | TakingEffect | FailDeployment | RollBack | ServingCommand
