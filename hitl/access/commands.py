"""Commands of the access shard. ``by`` comes from the caller's token, never from a body."""

from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class EraseCase:
    """Forget the input of a case: its key is dropped once this stands. Asked again, nothing changes."""

    case_id: str
    task: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class EraseApproval:
    """Forget what is sealed of an approval: the key of ``seal`` is dropped once this stands. Asked again, nothing changes."""

    approval_id: str
    seal: str
    task: str | None
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class NoteReveal:
    """``by`` is about to see what is sealed of ``subject``; ``kind`` is ``case`` or ``approval``."""

    kind: str
    subject: str
    task: str | None
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class NoteSealedRead:
    """A program of the service is about to read ``cases`` sealed inputs of ``task``, at ``span`` of its stream."""

    purpose: str
    task: str
    by: str
    reason: str
    cases: int
    span: str


@dataclass(frozen=True, slots=True)
class ChangeAccount:
    """``account`` is hitl.identity.Account.plain(): the account is this from now on."""

    account: dict[str, Any]
    by: str


@dataclass(frozen=True, slots=True)
class IssueKey:
    """A key was made for ``account``; ``expires_at`` is UTC seconds or None. One id is one key for ever."""

    key_id: str
    account: str
    expires_at: float | None
    by: str


@dataclass(frozen=True, slots=True)
class RevokeKey:
    """The key is worthless from ``ends_at`` (UTC seconds) on."""

    key_id: str
    account: str
    ends_at: float
    by: str


@dataclass(frozen=True, slots=True)
class NoteSignIn:
    """A person got a session; ``method`` is ``key`` or ``oidc``."""

    account: str
    method: str
    session: str


@dataclass(frozen=True, slots=True)
class NoteSignOut:
    """The session ended because ``by`` said so."""

    account: str
    session: str
    by: str


SealCommand: TypeAlias = EraseCase | EraseApproval | NoteReveal | NoteSealedRead
Command: TypeAlias = SealCommand | ChangeAccount | IssueKey | RevokeKey | NoteSignIn | NoteSignOut
