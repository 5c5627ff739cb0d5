"""What the access shard tells, and what its commands answer. Times are UTC seconds."""

from dataclasses import dataclass, field

from hitl.identity.views import AccountView


@dataclass(frozen=True, slots=True)
class CaseErasure:
    """When, why and by whom the input of a case was erased."""

    case_id: str
    task: str
    by: str
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class CaseHold:
    """Until when (UTC seconds) nothing of a case may be erased, and who said so since ``at``."""

    case_id: str
    task: str
    until: float
    by: str
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class DaysHold:
    """Until when (UTC seconds) nothing may be erased of the cases of ``task`` that came on the UTC days ``first_day`` to
    ``last_day``, and who said so since ``at``."""

    task: str
    first_day: str
    last_day: str
    until: float
    by: str
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class HoldFound:
    """The hold of a case that is in force; None: it is not held."""

    hold: CaseHold | None


@dataclass(frozen=True, slots=True)
class HeldCases:
    """All that is held now: single cases, and tasks on days."""

    case_ids: list[str]
    cases: list[CaseHold] = field(default_factory=list)
    days: list[DaysHold] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class HeldCase:
    """The case is held until ``until`` (UTC seconds)."""

    case_id: str
    until: float


@dataclass(frozen=True, slots=True)
class HeldDays:
    """The cases of ``task`` on the days are held until ``until`` (UTC seconds)."""

    task: str
    first_day: str
    last_day: str
    until: float


@dataclass(frozen=True, slots=True)
class ApprovalErasure:
    """When, why and by whom the sealed values of an approval were erased; ``task`` is None where it is about none."""

    approval_id: str
    task: str | None
    by: str
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class RevealNote:
    """Who was shown what is sealed, when and why; ``kind`` is ``case`` or ``approval``."""

    kind: str
    task: str | None
    by: str
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class ErasureFound:
    """The erasure of a case; None: its input was not erased."""

    erasure: CaseErasure | None


@dataclass(frozen=True, slots=True)
class SealErasureFound:
    """The erasure of what a seal opened; None: it was not erased."""

    erasure: ApprovalErasure | None


@dataclass(frozen=True, slots=True)
class ErasedCases:
    """A page of erased cases, in their order; ``next`` is the cursor of the page that follows."""

    case_ids: list[str]
    next: int


@dataclass(frozen=True, slots=True)
class ErasedSealPage:
    """A page of erased seals, in their order; ``next`` is the cursor of the page that follows."""

    seals: list[str]
    next: int


@dataclass(frozen=True, slots=True)
class RevealNotes:
    """Everybody who was shown what is sealed of one case or approval, oldest first."""

    reveals: list[RevealNote]


@dataclass(frozen=True, slots=True)
class ErasedCase:
    """The input of the case is gone for ever."""

    case_id: str
    is_erased: bool = True


@dataclass(frozen=True, slots=True)
class ErasedApproval:
    """The sealed values of the approval are gone for ever."""

    approval_id: str
    is_erased: bool = True


@dataclass(frozen=True, slots=True)
class AccountFound:
    """An account as its last change left it; None: the journal has none."""

    account: AccountView | None


@dataclass(frozen=True, slots=True)
class GrantView:
    """A wish for rights that takes a second person until ``ends_at``. ``kind`` is ``account`` (it is to be as ``wish`` says) or
    ``key`` (it is to get one more key); ``status`` is ``open``, ``confirmed``, ``refused`` or ``expired``."""

    grant_id: str
    kind: str
    wish: AccountView
    status: str
    asked_by: str
    asked_at: float
    ends_at: float
    settled_by: str | None


@dataclass(frozen=True, slots=True)
class Grants:
    """The grants of the last days, newest first."""

    grants: list[GrantView]


@dataclass(frozen=True, slots=True)
class GrantFound:
    """One grant; None: there is none of that id."""

    grant: GrantView | None


@dataclass(frozen=True, slots=True)
class KeyIssue:
    """``is_new`` False: the key was made before."""

    key_id: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class EndedKeys:
    """The keys that are over: those of a revoked family, or those that were asked about."""

    key_ids: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SignInNote:
    """The sign-in of ``at`` stands in the journal; a repetition is told the first one's time."""

    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Noted:
    """It stands in the journal."""
