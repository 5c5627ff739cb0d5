"""Questions that the access shard answers."""

from dataclasses import dataclass
from typing import TypeAlias

from hitl.access.preferences import Preferences
from hitl.access.views import (
    AccountFound,
    EndedKeys,
    ErasedCases,
    ErasedSealPage,
    ErasureFound,
    GrantFound,
    Grants,
    HeldCases,
    HoldFound,
    RevealNotes,
    SealErasureFound,
)
from hitl.machine.asked import Question


@dataclass(frozen=True, slots=True)
class ErasureOf(Question[ErasureFound]):
    """Whether the input of the case was erased."""

    case_id: str


@dataclass(frozen=True, slots=True)
class Erasures(Question[ErasedCases]):
    """Up to ``limit`` erased cases from cursor ``after`` (0 at first) on, in their order."""

    after: int
    limit: int = 1000


@dataclass(frozen=True, slots=True)
class HoldOf(Question[HoldFound]):
    """Whether the case must be kept, and until when."""

    case_id: str


@dataclass(frozen=True, slots=True)
class Holds(Question[HeldCases]):
    """All cases, and all days of tasks, that must be kept now."""


@dataclass(frozen=True, slots=True)
class SealErasureOf(Question[SealErasureFound]):
    """Whether what ``seal`` opened was erased."""

    seal: str


@dataclass(frozen=True, slots=True)
class ErasedSeals(Question[ErasedSealPage]):
    """As Erasures, of approvals."""

    after: int
    limit: int = 1000


@dataclass(frozen=True, slots=True)
class RevealsOf(Question[RevealNotes]):
    """Who was shown what is sealed of one case or approval."""

    subject: str


@dataclass(frozen=True, slots=True)
class AccountOf(Question[AccountFound]):
    """An account as its last change left it."""

    account: str


@dataclass(frozen=True, slots=True)
class PreferencesOf(Question[Preferences]):
    """What the person of the account has chosen."""

    account: str


@dataclass(frozen=True, slots=True)
class KeysOver(Question[EndedKeys]):
    """Those of ``key_ids`` that are over now, by the journal."""

    key_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GrantOf(Question[GrantFound]):
    """One grant as it stands."""

    grant_id: str


@dataclass(frozen=True, slots=True)
class RecentGrants(Question[Grants]):
    """The newest ``limit`` grants."""

    limit: int = 200


SealQuestion: TypeAlias = ErasureOf | Erasures | HoldOf | Holds | SealErasureOf | ErasedSeals | RevealsOf
AccessQuestion: TypeAlias = SealQuestion | AccountOf | PreferencesOf | KeysOver | GrantOf | RecentGrants
