"""The state of all approvals, and the table of the moves that one can make."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from hitl.serving.in_force import NOTHING, InForce


class Status(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    DEPLOYED = "deployed"
    FAILED = "failed"


OPEN_STATUSES: frozenset[str] = frozenset({Status.PENDING})
"""The approval still takes votes."""


class Ballot(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"


MOVES: dict[tuple[Status | None, str], Status] = {
    (None, "ApprovalRequested"): Status.PENDING,
    (Status.PENDING, "VoteCast"): Status.PENDING,
    (Status.PENDING, "ApprovalApproved"): Status.APPROVED,
    (Status.PENDING, "ApprovalRejected"): Status.REJECTED,
    (Status.PENDING, "ApprovalExpired"): Status.EXPIRED,
    (Status.PENDING, "ApprovalCancelled"): Status.CANCELLED,
    (Status.PENDING, "ApprovalReminded"): Status.PENDING,
    (Status.PENDING, "ApprovalEscalated"): Status.PENDING,
    (Status.PENDING, "VoteDelegated"): Status.PENDING,
    (Status.REJECTED, "ApprovalEscalated"): Status.REJECTED,
    (Status.APPROVED, "Deployed"): Status.DEPLOYED,
    (Status.APPROVED, "PolicyAdopted"): Status.DEPLOYED,
    (Status.APPROVED, "DeploymentFailed"): Status.FAILED,
}
"""(status, event) -> status. Only an approved one can deploy; what was rejected, has expired, was cancelled or failed is over."""

OPEN = frozenset({Status.PENDING, Status.APPROVED})


@dataclass(frozen=True, slots=True)
class CastVote:
    voter: str
    vote: Ballot
    digest: str
    comment: str
    at: float
    option: str


def quorum_policy(quorum: int) -> dict[str, Any]:
    """``quorum`` approving votes of any approvers, and nobody's rejection."""
    nobody: dict[str, Any] = {"requires": {}, "groups": {}, "weights": {}, "excluded": []}
    return {"rule": "quorum", "need": quorum, "veto": ["*"], **nobody}


@dataclass(slots=True)
class Approval:
    """``votes`` by voter, in order; ``closing_reason`` says why it was rejected or failed; ``decided_at`` when votes or time
    ended it; ``settled_at`` when it was deployed or failed.

    ``policy`` is how votes count: ``rule``, ``need`` (the weight that approves), ``requires`` and ``groups`` (group -> number,
    people), ``weights``, ``veto``, ``excluded``. ``asked`` may vote; ``is_open``: every approver may. ``shown`` is the digest of
    all that a voter sees; ``default`` the option that holds at the deadline, with its reason; ``choice`` the one that won;
    ``schedule`` the reminders and escalations, of which ``step`` is next; ``tells`` who hears of a rejection. ``sealed`` binds
    each masked value of ``context`` and ``metadata`` by a salted digest; ``cipher`` holds it, encrypted."""

    approval_id: str
    kind: str
    task: str
    digest: str
    title: str
    evidence: dict[str, Any]
    requested_by: str
    requested_at: float
    quorum: int
    expires_at: float
    status: Status = Status.PENDING
    votes: dict[str, CastVote] = field(default_factory=dict)
    decided_at: float | None = None
    settled_at: float | None = None
    closing_reason: str | None = None
    description: str = ""
    context: dict[str, Any] = field(default_factory=dict)
    options: list[dict[str, Any]] = field(default_factory=list)
    urgency: str = "medium"
    metadata: dict[str, Any] = field(default_factory=dict)
    checks: list[dict[str, Any]] = field(default_factory=list)
    policy: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    is_open: bool = True
    default: dict[str, Any] | None = None
    shown: str | None = None
    choice: str | None = None
    schedule: list[dict[str, Any]] = field(default_factory=list)
    step: int = 0
    tells: dict[str, Any] | None = None
    sealed: dict[str, str] = field(default_factory=dict)
    cipher: dict[str, Any] = field(default_factory=dict)
    history: list[dict[str, Any]] = field(default_factory=list)

    @property
    def approving(self) -> int:
        """Votes for exactly these bytes by others than the author."""
        return sum(
            vote.vote is Ballot.APPROVE and vote.digest == self.digest and voter != self.requested_by
            for voter, vote in self.votes.items()
        )

    @property
    def subject(self) -> tuple[str, str, str]:
        """What may have one open approval at a time."""
        return self.kind, self.task, self.digest


@dataclass(frozen=True, slots=True)
class Served:
    """What serves a task from ``since`` (UTC seconds) on, with all that is in force ``now``. ``approval_id`` approved these
    bytes, or this policy; ``operator`` is a person's who went back to an earlier version."""

    generation: int
    versions: list[list[Any]]
    since: float
    approval_id: str | None
    cause: str
    operator: str | None = None
    reason: str | None = None
    now: InForce = NOTHING


@dataclass(frozen=True, slots=True)
class Absence:
    """Away until ``until`` (UTC seconds); ``deputy`` None: nobody stands in."""

    until: float
    deputy: str | None


@dataclass(slots=True)
class ApprovalState:
    """``open`` holds the open approval of a (kind, task, digest) that decides what serves; ``approved_by`` the approval under
    which a task's digest was last deployed; ``rejected`` the approval that rejected it; ``numbers`` the last number used in the
    approval ids of a task, or of a kind where there is no task; ``certificates`` a task's newest ones and those in force,
    oldest first, with their whole evidence."""

    approvals: dict[str, Approval] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    open: dict[tuple[str, str, str], str] = field(default_factory=dict)
    rejected: dict[tuple[str, str], str] = field(default_factory=dict)
    approved_by: dict[tuple[str, str], str] = field(default_factory=dict)
    served: dict[str, list[Served]] = field(default_factory=dict)
    absences: dict[str, Absence] = field(default_factory=dict)
    certificates: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def generation(self, task: str) -> int:
        served = self.served.get(task)
        return served[-1].generation if served else 0

    def versions(self, task: str) -> list[list[Any]]:
        """Pairs of digest and share; none before the first deployment."""
        served = self.served.get(task)
        return served[-1].versions if served else []

    def in_force(self, task: str) -> InForce:
        """All that steers the task beside its models; nothing before the first serving event."""
        served = self.served.get(task)
        return served[-1].now if served else NOTHING

    def approval_id(self, task: str) -> str | None:
        """The approval under which what serves now was last deployed."""
        served = self.served.get(task)
        return served[-1].approval_id if served else None


def expiry_key(approval_id: str) -> str:
    """The alarm of the approval's end."""
    return f"expiry:{approval_id}"
