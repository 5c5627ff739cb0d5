"""Commands of the access shard. ``by`` comes from the caller's token, never from a body."""

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from hitl.access.preferences import Preferences
from hitl.access.views import (
    EndedKeys,
    ErasedApproval,
    ErasedCase,
    GrantView,
    HeldCase,
    HeldDays,
    KeyIssue,
    Noted,
    SignInNote,
)
from hitl.identity.views import AccountView
from hitl.machine.asked import Command


@dataclass(frozen=True, slots=True)
class EraseCase(Command[ErasedCase]):
    """Forget the input of a case, which came at ``at`` (UTC seconds): its key is dropped once this stands. Asked again, nothing
    changes."""

    ANSWER: ClassVar[type[ErasedCase]] = ErasedCase

    case_id: str
    task: str
    by: str
    reason: str
    at: float | None = None


@dataclass(frozen=True, slots=True)
class HoldDays(Command[HeldDays]):
    """Keep everything of the cases of ``task`` that came on the UTC days ``first_day`` to ``last_day`` until ``until`` (UTC
    seconds), whatever was said of exactly these days before; in the past: they are held no more."""

    ANSWER: ClassVar[type[HeldDays]] = HeldDays

    task: str
    first_day: str
    last_day: str
    until: float
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class HoldCase(Command[HeldCase]):
    """Keep everything of a case until ``until`` (UTC seconds), whatever was said before; in the past: it is held no more."""

    ANSWER: ClassVar[type[HeldCase]] = HeldCase

    case_id: str
    task: str
    until: float
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class EraseApproval(Command[ErasedApproval]):
    """Forget what is sealed of an approval: the key of ``seal`` is dropped once this stands. Asked again, nothing changes."""

    ANSWER: ClassVar[type[ErasedApproval]] = ErasedApproval

    approval_id: str
    seal: str
    task: str | None
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class NoteReveal(Command[Noted]):
    """``by`` is about to see what is sealed of ``subject``; ``kind`` is ``case`` or ``approval``."""

    ANSWER: ClassVar[type[Noted]] = Noted

    kind: str
    subject: str
    task: str | None
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class NoteSealedRead(Command[Noted]):
    """A program of the service is about to read ``cases`` sealed inputs of ``task``, at ``span`` of its stream."""

    ANSWER: ClassVar[type[Noted]] = Noted

    purpose: str
    task: str
    by: str
    reason: str
    cases: int
    span: str


@dataclass(frozen=True, slots=True)
class ChangeAccount(Command[AccountView]):
    """The account is this from now on."""

    ANSWER: ClassVar[type[AccountView]] = AccountView

    account: AccountView
    by: str


@dataclass(frozen=True, slots=True)
class ChangePreferences(Command[Preferences]):
    """The preferences of ``account`` are these from now on, all of them, but for ``views``: None leaves them as they are."""

    ANSWER: ClassVar[type[Preferences]] = Preferences

    account: str
    preferences: Preferences


@dataclass(frozen=True, slots=True)
class AskGrant(Command[GrantView]):
    """``by`` wants ``account`` to be this, or, with ``kind`` ``key``, a key for it. Asked again, nothing changes."""

    ANSWER: ClassVar[type[GrantView]] = GrantView

    grant_id: str
    kind: str
    account: AccountView
    by: str


@dataclass(frozen=True, slots=True)
class SettleGrant(Command[GrantView]):
    """A second person confirms or refuses; ``by`` who asked may refuse too."""

    ANSWER: ClassVar[type[GrantView]] = GrantView

    grant_id: str
    is_confirmed: bool
    by: str


@dataclass(frozen=True, slots=True)
class RecoverAccount(Command[Noted]):
    """The machine's owner gives ``roles`` to ``account``, where no second person is left."""

    ANSWER: ClassVar[type[Noted]] = Noted

    account: str
    roles: tuple[str, ...]
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class IssueKey(Command[KeyIssue]):
    """A key was made for ``account``; ``expires_at`` is UTC seconds or None. One id is one key for ever."""

    ANSWER: ClassVar[type[KeyIssue]] = KeyIssue

    key_id: str
    account: str
    expires_at: float | None
    by: str


@dataclass(frozen=True, slots=True)
class RotateKey(Command[KeyIssue]):
    """A key was made to follow ``after``, which ends at ``after_ends_at`` (UTC seconds). One living key follows another."""

    ANSWER: ClassVar[type[KeyIssue]] = KeyIssue

    key_id: str
    account: str
    expires_at: float | None
    by: str
    after: str
    after_ends_at: float


@dataclass(frozen=True, slots=True)
class RevokeKey(Command[EndedKeys]):
    """The key is worthless from ``ends_at`` (UTC seconds) on, with all that it follows and that follow it. ``family`` are
    those of them that the store knows."""

    ANSWER: ClassVar[type[EndedKeys]] = EndedKeys

    key_id: str
    account: str
    ends_at: float
    by: str
    family: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteSignIn(Command[SignInNote]):
    """A person gets a session at ``at`` (UTC seconds); ``method`` is ``key`` or ``oidc``."""

    ANSWER: ClassVar[type[SignInNote]] = SignInNote

    account: str
    method: str
    session: str
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class NoteSignOut(Command[Noted]):
    """The session ended because ``by`` said so."""

    ANSWER: ClassVar[type[Noted]] = Noted

    account: str
    session: str
    by: str


KeyCommand: TypeAlias = IssueKey | RotateKey | RevokeKey
SealCommand: TypeAlias = EraseCase | HoldCase | HoldDays | EraseApproval | NoteReveal | NoteSealedRead
GrantCommand: TypeAlias = AskGrant | SettleGrant | RecoverAccount
AccountCommand: TypeAlias = ChangeAccount | ChangePreferences
AccessCommand: TypeAlias = SealCommand | AccountCommand | KeyCommand | GrantCommand | NoteSignIn | NoteSignOut
