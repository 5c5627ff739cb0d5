"""The state of accounts, keys and sealed values. Only evolve changes it."""

from dataclasses import dataclass, field

from hitl.access.preferences import Preferences
from hitl.access.views import ApprovalErasure, CaseErasure, CaseHold, DaysHold, RevealNote
from hitl.identity.views import AccountView

GRANT_S = 7 * 86_400.0
"""A wish that nobody confirmed by then is over: who asked may have forgotten why."""


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """What an account may do since ``changed_at``; ``tasks`` and ``queues`` empty: every one."""

    roles: list[str]
    tasks: list[str]
    queues: list[str]
    skills: list[str]
    is_disabled: bool
    changed_at: float
    changed_by: str


@dataclass(slots=True)
class KeyHistory:
    """A key's life; ``issued_at`` None: no event made it. ``after`` is the key that it follows, ``family`` the first one of
    that line, empty for the first itself. ``ends_at`` None: it works until it is revoked."""

    account: str
    issued_at: float | None
    issued_by: str | None
    ends_at: float | None
    after: str | None = None
    family: str = ""
    revoked_at: float | None = None
    revoked_by: str | None = None

    def is_over(self, now: float) -> bool:
        return self.ends_at is not None and self.ends_at <= now


@dataclass(slots=True)
class SignIns:
    """How often, when last and how (``key`` or ``oidc``) an account signed in."""

    signed_in: int = 0
    signed_out: int = 0
    last_at: float | None = None
    method: str | None = None


@dataclass(frozen=True, slots=True)
class RestoreNote:
    """A backup that was put back: where each journal ended in it, and where its anchor was."""

    taken_at: float
    heads: dict[str, list[int | str]]
    noted: dict[str, list[int | str]]
    by: str
    reason: str
    at: float


@dataclass(slots=True)
class GrantRecord:
    """A wish of ``by`` since ``at``; ``status`` is ``open`` until a second person settles it."""

    kind: str
    wish: AccountView
    by: str
    at: float
    status: str = "open"
    settled_by: str | None = None

    def status_at(self, now: float) -> str:
        """As ``status``, or ``expired``."""
        return "expired" if self.status == "open" and now >= self.at + GRANT_S else self.status


@dataclass(frozen=True, slots=True)
class RecoveryNote:
    """What the machine's owner gave to an account without a second person."""

    account: str
    roles: list[str]
    by: str
    reason: str
    at: float


@dataclass(slots=True)
class AccessState:
    """``erasures`` by case, ``erased_seals`` by seal, ``reveals`` by case or approval, ``accounts`` and ``keys`` by id,
    ``sessions`` and ``preferences`` by account; ``restores`` are the backups that were put back,
    ``grants`` the wishes for rights that take a second person, ``holds`` the cases that must be
    kept, by id, ``day_holds`` the days of tasks, by task, first and last day. ``families`` are the keys that follow others, by
    the first one of their line: derived, and no part of the compared state."""

    erasures: dict[str, CaseErasure] = field(default_factory=dict)
    erased_seals: dict[str, ApprovalErasure] = field(default_factory=dict)
    reveals: dict[str, list[RevealNote]] = field(default_factory=dict)
    accounts: dict[str, AccountRecord] = field(default_factory=dict)
    keys: dict[str, KeyHistory] = field(default_factory=dict)
    sessions: dict[str, SignIns] = field(default_factory=dict)
    restores: list[RestoreNote] = field(default_factory=list)
    grants: dict[str, GrantRecord] = field(default_factory=dict)
    recoveries: list[RecoveryNote] = field(default_factory=list)
    holds: dict[str, CaseHold] = field(default_factory=dict)
    day_holds: dict[str, DaysHold] = field(default_factory=dict)
    preferences: dict[str, Preferences] = field(default_factory=dict)
    families: dict[str, list[str]] = field(default_factory=dict)

    def family_of(self, key_id: str) -> str:
        """Return the first key of the line that ``key_id`` is of."""
        return (self.keys[key_id].family if key_id in self.keys else "") or key_id
