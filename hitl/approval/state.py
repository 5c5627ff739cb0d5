"""The state of all approvals, and the table of the moves that one can make."""

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum

from hitl.approval.stored import StoredDefault, StoredOption, StoredPolicy, StoredStep, StoredTelling
from hitl.canonical import JsonObject
from hitl.cipher_texts import CipherTexts
from hitl.serving.state import ServingState


class RequestStatus(StrEnum):
    """Where an approval stands; MOVES tells what may follow."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    DEPLOYED = "deployed"
    FAILED = "failed"


OPEN_STATUSES: frozenset[str] = frozenset({RequestStatus.PENDING})
"""The approval still takes votes."""


class Ballot(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"


OPEN = frozenset({RequestStatus.PENDING, RequestStatus.APPROVED})


@dataclass(frozen=True, slots=True)
class CastVote:
    """A vote that ``voter`` cast ``at`` UTC seconds for exactly ``digest``; ``option`` is the value that they chose."""

    voter: str
    vote: Ballot
    digest: str
    comment: str
    at: float
    option: str


def quorum_policy(quorum: int) -> StoredPolicy:
    """``quorum`` approving votes of any approvers, and nobody's rejection."""
    return {
        "rule": "quorum",
        "need": quorum,
        "veto": ["*"],
        "requires": {},
        "groups": {},
        "weights": {},
        "excluded": [],
    }


@dataclass(slots=True)
class Approval:
    """``votes`` by voter, in order; ``closing_reason`` says why it was rejected or failed; ``decided_at`` when votes or time
    ended it; ``settled_at`` when it was deployed or failed.

    ``policy`` is how votes count: ``rule``, ``need`` (the weight that approves), ``requires`` and ``groups`` (group -> number,
    people), ``weights``, ``veto``, ``excluded``. ``asked`` may vote; ``is_open``: every approver may. ``shown`` is the digest of
    all that a voter sees; ``default`` the option that holds at the deadline, with its reason; ``choice`` the one that won;
    ``schedule`` the reminders and escalations, of which ``step`` is next; ``tells`` who hears of a rejection. ``sealed`` binds
    each masked value of ``context`` and ``metadata`` by a salted digest; ``cipher`` holds it, encrypted. ``place`` is its place
    among all approvals ever requested: greater than that of the one before (hitl.approval.listed.place_at).
    ``asked_generation`` and ``approved_generation`` are the number of its task's last serving event when it was requested and
    approved, ``served_generation`` that of its own; 0: there was none. They tell what came first, which clocks cannot."""

    approval_id: str
    kind: str
    task: str
    digest: str
    title: str
    evidence: JsonObject
    requested_by: str
    requested_at: float
    quorum: int
    expires_at: float
    status: RequestStatus = RequestStatus.PENDING
    votes: dict[str, CastVote] = field(default_factory=dict)
    decided_at: float | None = None
    settled_at: float | None = None
    closing_reason: str | None = None
    description: str = ""
    context: JsonObject = field(default_factory=dict)
    options: list[StoredOption] = field(default_factory=list)
    urgency: str = "medium"
    metadata: JsonObject = field(default_factory=dict)
    checks: list[JsonObject] = field(default_factory=list)
    policy: StoredPolicy = field(default_factory=lambda: quorum_policy(1))
    asked: list[str] = field(default_factory=list)
    is_open: bool = True
    default: StoredDefault | None = None
    shown: str | None = None
    choice: str | None = None
    schedule: list[StoredStep] = field(default_factory=list)
    step: int = 0
    tells: StoredTelling | None = None
    sealed: dict[str, str] = field(default_factory=dict)
    cipher: CipherTexts = field(default_factory=CipherTexts)
    history: list[JsonObject] = field(default_factory=list)
    place: int = 0
    asked_generation: int = 0
    approved_generation: int = 0
    served_generation: int = 0

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
class Absence:
    """Away until ``until`` (UTC seconds); ``deputy`` None: nobody stands in."""

    until: float
    deputy: str | None


LEFT_LATELY = 1_000
"""Far more than leave memory while somebody looks whether an approval is in the archive."""


@dataclass(slots=True)
class ArchivedFigures:
    """Approvals that left memory, counted: by status, by kind, by status of those that ended by votes, time or withdrawal; the
    seconds that these took in all, and their number by steps of time (hitl.approval.figures)."""

    statuses: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    times: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class ApprovalState:
    """``open`` holds the open approval of a (kind, task, digest) that decides what serves; ``numbers`` the last number used in
    the approval ids of a task, or of a kind where there is no task; ``open_by`` counts the open requests of each account;
    ``serving`` what serves because of them; ``closed`` since when (UTC seconds) each approval is over that may leave memory, in
    that order; ``last_place`` the place of the newest one. ``archived`` counts by task those that left, ``archived_of`` by person
    and task those that each asked for or was asked about; ``archived_places`` are the first and the last place among them,
    ``left_lately`` the ids of the newest of them."""

    approvals: dict[str, Approval] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    open: dict[tuple[str, str, str], str] = field(default_factory=dict)
    open_by: dict[str, int] = field(default_factory=dict)
    absences: dict[str, Absence] = field(default_factory=dict)
    serving: ServingState = field(default_factory=ServingState)
    closed: dict[str, float] = field(default_factory=dict)
    last_place: int = 0
    archived: dict[str, ArchivedFigures] = field(default_factory=dict)
    archived_of: dict[str, dict[str, ArchivedFigures]] = field(default_factory=dict)
    archived_places: tuple[int, int] = (0, 0)
    left_lately: deque[str] = field(default_factory=lambda: deque(maxlen=LEFT_LATELY))


def expiry_key(approval_id: str) -> str:
    """The alarm of the approval's end."""
    return f"expiry:{approval_id}"
