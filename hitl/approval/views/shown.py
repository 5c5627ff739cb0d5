"""Approvals as a reader sees them: the answers to questions. Times are UTC seconds."""

from dataclasses import dataclass

from hitl.approval.state import CastVote, RequestStatus
from hitl.approval.views.parts import (
    ApprovalOption,
    InWords,
    RejectionTelling,
    ScheduledEscalation,
    ScheduledReminder,
    SilentDefault,
    Tally,
    VotingPolicy,
)
from hitl.canonical import JsonObject
from hitl.cipher_texts import CipherTexts


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """An approval with all that a voter sees, and without its encrypted values.

    hitl.approval.state.Approval tells what the fields mean."""

    approval_id: str
    kind: str
    task: str
    digest: str
    title: str
    description: str
    context: JsonObject
    evidence: JsonObject
    options: list[ApprovalOption]
    in_words: InWords
    default: SilentDefault | None
    urgency: str
    metadata: JsonObject
    sealed: dict[str, str]
    checks: list[JsonObject]
    shown: str | None
    requested_by: str
    requested_at: float
    expires_at: float
    quorum: int
    policy: VotingPolicy
    asked: list[str]
    is_open: bool
    schedule: list[ScheduledReminder | ScheduledEscalation]
    step: int
    tells: RejectionTelling | None
    status: RequestStatus
    votes: list[CastVote]
    tally: Tally
    choice: str | None
    decided_at: float | None
    settled_at: float | None
    closing_reason: str | None
    history: list[JsonObject]


@dataclass(frozen=True, slots=True)
class ShownApproval:
    """One approval."""

    approval: ApprovalView


@dataclass(frozen=True, slots=True)
class ApprovalPage:
    """``approvals`` in the order of their requests; ``next`` is the cursor of the following page, None at the end."""

    approvals: list[ApprovalView]
    next: int | None


@dataclass(frozen=True, slots=True)
class ApprovalTrail:
    """All that happened to an approval, oldest first: each entry has ``type``, ``at`` and the fields of its event."""

    approval_id: str
    status: RequestStatus
    entries: list[JsonObject]


@dataclass(frozen=True, slots=True)
class SealedApproval:
    """The masked ``context`` and ``metadata``, the digests in ``sealed`` that bind their values, and the values, encrypted."""

    approval_id: str
    task: str
    context: JsonObject
    metadata: JsonObject
    sealed: dict[str, str]
    cipher: CipherTexts


@dataclass(frozen=True, slots=True)
class Overtaking:
    """Why an approval that people gave must not take effect any more; None: nothing overtook it."""

    why: str | None


@dataclass(frozen=True, slots=True)
class SensitiveNames:
    """The keys of context and metadata that are always sealed."""

    sensitive: list[str]


@dataclass(frozen=True, slots=True)
class SignInTerms:
    """Whether a vote on it takes a sign-in: none by a link or from chat counts."""

    needs_sign_in: bool


@dataclass(frozen=True, slots=True)
class ApprovalFigures:
    """Counts by status and kind. Rates are of all that ended by votes, time or withdrawal, times in seconds from the request to
    that end; None without any. Once approvals are in the archive the median is right within a percent."""

    total: int
    pending: int
    by_status: dict[str, int]
    by_kind: dict[str, int]
    approval_rate: float | None
    rejection_rate: float | None
    timeout_rate: float | None
    average_decision_s: float | None
    median_decision_s: float | None
