"""The events of accounts, keys and sealed values. The journal keeps them as plain JSON, which docs/journal.md describes."""

from typing import TypeAlias

from msgspec import UNSET, UnsetType

from hitl.access.grant_events import AccountRecovered, GrantAsked, GrantSettled
from hitl.access.preferences import Density, Language, SavedView, Theme, Tour
from hitl.machine.events import Event, EventCodec


class CaseErased(Event, frozen=True, kw_only=True):
    """The input of a case is forgotten."""

    case_id: str
    task: str
    by: str
    reason: str


class CaseHeld(Event, frozen=True, kw_only=True):
    """Nothing of a case is erased before ``until`` (UTC seconds); a later one of the case takes its place, and one
    whose ``until`` is over ends the hold."""

    case_id: str
    task: str
    until: float
    by: str
    reason: str


class DaysHeld(Event, frozen=True, kw_only=True):
    """Nothing is erased or deleted before ``until`` (UTC seconds) of the cases of ``task`` that came on the UTC days
    ``first_day`` to ``last_day``; a later one of the same days takes its place, and one whose ``until`` is over ends the hold."""

    task: str
    first_day: str
    last_day: str
    until: float
    by: str
    reason: str


class ApprovalErased(Event, frozen=True, kw_only=True):
    """What ``seal`` opened of an approval is forgotten; ``task`` is None where it is about none."""

    approval_id: str
    seal: str
    task: str | None
    by: str
    reason: str


class Revealed(Event, frozen=True, kw_only=True):
    """``by`` was shown what is sealed of ``subject``; ``kind`` is ``case``, ``approval``, or ``signing_secret`` of a key."""

    kind: str
    subject: str
    task: str | None
    by: str
    reason: str


class SealedRead(Event, frozen=True, kw_only=True):
    """A program of the service read ``cases`` sealed inputs for ``purpose`` (training, shadow), at ``span`` of its stream."""

    purpose: str
    task: str
    by: str
    reason: str
    cases: int
    span: str


class AccountChanged(Event, frozen=True, kw_only=True):
    """The account is this from now on."""

    account: str
    roles: list[str]
    tasks: list[str]
    queues: list[str]
    skills: list[str]
    is_disabled: bool
    by: str


class PreferencesChanged(Event, frozen=True, kw_only=True):
    """How the account's person wants the console from now on; what is absent they have not chosen."""

    account: str
    tour: Tour | UnsetType = UNSET
    theme: Theme | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    density: Density | UnsetType = UNSET
    views: list[SavedView] | UnsetType = UNSET


class KeyIssued(Event, frozen=True, kw_only=True):
    """A key was made; ``expires_at`` is UTC seconds, None: never. ``after`` is the key that it follows, if it follows one."""

    key_id: str
    account: str
    expires_at: float | None
    by: str
    after: str | UnsetType = UNSET


class KeyRevoked(Event, frozen=True, kw_only=True):
    """The key is worthless from ``ends_at`` (UTC seconds) on."""

    key_id: str
    account: str
    ends_at: float
    by: str


class SignedIn(Event, frozen=True, kw_only=True):
    """A person got a session; ``method`` is ``key`` or ``oidc``."""

    account: str
    method: str
    session: str


class SignedOut(Event, frozen=True, kw_only=True):
    """The session ended because ``by`` said so."""

    account: str
    session: str
    by: str


class HistoryRestored(Event, frozen=True, kw_only=True):
    """A backup of ``taken_at`` (UTC seconds) was put back; by shard, the seq and hash where its journal ends, and those that its
    anchor noted."""

    taken_at: float
    heads: dict[str, list[int | str]]
    noted: dict[str, list[int | str]]
    by: str
    reason: str


GrantEvent: TypeAlias = GrantAsked | GrantSettled | AccountRecovered
SessionEvent: TypeAlias = SignedIn | SignedOut
KeyEvent: TypeAlias = KeyIssued | KeyRevoked
SealEvent: TypeAlias = CaseErased | CaseHeld | DaysHeld | ApprovalErased | Revealed
AccountEvent: TypeAlias = AccountChanged | PreferencesChanged
AccessEvent: TypeAlias = SealEvent | SealedRead | AccountEvent | KeyEvent | GrantEvent | SessionEvent | HistoryRestored

EVENTS: EventCodec[AccessEvent] = EventCodec(AccessEvent)
