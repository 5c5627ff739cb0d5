"""An account: the owner of keys and sessions, with its current rights."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, cast

from hitl.canonical import to_plain
from hitl.identity.keys import KeyRecord, KeyStore
from hitl.identity.principal import SECOND_PERSON, Principal, Role
from hitl.identity.views import AccountView


@dataclass(frozen=True, slots=True)
class Account:
    """``tasks`` and ``queues`` bound the roles, empty means all; ``skills`` are what reviews may ask for. The keys and
    sessions of a disabled account are worthless; so are those of one that ``is_held``: it came back with a backup, and works
    once somebody says anew what it may do, or the machine's owner resumes it."""

    id: str
    roles: frozenset[Role]
    tasks: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    is_disabled: bool = False
    is_held: bool = False

    @property
    def is_out(self) -> bool:
        """Whether nobody comes in by it now."""
        return self.is_disabled or self.is_held

    def principal(self, session: str = "") -> Principal:
        return Principal(self.id, self.roles, self.tasks, self.queues, self.skills, session)

    @property
    def strong_roles(self) -> frozenset[Role]:
        """Those of its roles that take a second person; none while nobody comes in by it."""
        return frozenset() if self.is_out else self.guarded_roles

    @property
    def guarded_roles(self) -> frozenset[Role]:
        """Those of its roles that take a second person, also while nobody comes in by it: it may be let in again."""
        return self.roles & SECOND_PERSON

    def needs_second_person(self, before: "Account | None") -> bool:
        """Tell whether the change from ``before`` gives a right that one person cannot give alone."""
        if before is None or not self.strong_roles <= before.strong_roles:
            return bool(self.strong_roles)
        bounds = ((before.tasks, self.tasks), (before.queues, self.queues))
        is_wider = any(old and not (new and new <= old) for old, new in bounds)
        return bool(self.strong_roles) and is_wider

    @staticmethod
    def of_view(view: AccountView) -> "Account":
        """Return the account that is shown as ``view``."""
        roles = frozenset(Role(role) for role in view.roles)
        sets = (frozenset(view.tasks), frozenset(view.queues), frozenset(view.skills))
        return Account(view.account, roles, *sets, view.is_disabled)

    @staticmethod
    def of(principal: Principal) -> "Account":
        """Return the account of a principal that only a key tells of."""
        return Account(principal.id, principal.roles, principal.tasks, principal.queues, principal.skills)

    def plain(self) -> dict[str, Any]:
        """As JSON; ``account`` is the id."""
        return cast("dict[str, Any]", to_plain(self.view())) | {"is_disabled": self.is_disabled, "is_held": self.is_held}

    def view(self) -> AccountView:
        """Return the account as it is shown, each set in order."""
        sets = (sorted(self.tasks), sorted(self.queues), sorted(self.skills))
        return AccountView(self.id, sorted(role.value for role in self.roles), *sets, self.is_out)

    @staticmethod
    def from_plain(plain: dict[str, Any]) -> "Account":
        roles = frozenset(Role(role) for role in plain["roles"])
        tasks, queues, skills = (frozenset[str](plain[name]) for name in ("tasks", "queues", "skills"))
        return Account(plain["account"], roles, tasks, queues, skills, plain["is_disabled"], plain.get("is_held", False))


class AccountStore(Protocol):
    """A store of accounts. All methods raise StoreUnavailable."""

    async def put_account(self, account: Account) -> None:
        """Keep ``account`` durably, in place of one with the same id."""

    async def accounts(self) -> list[Account]:
        """Return every account, in no order."""


class Directory(KeyStore, AccountStore, Protocol):
    """Keys and accounts, in one place."""


def accounts_by_id(accounts: Iterable[Account], records: Iterable[KeyRecord]) -> dict[str, Account]:
    """Index ``accounts`` by id, with one for each owner of keys that has none: it has the rights of the owner's first record."""
    known = {account.id: account for account in accounts}
    for record in records:
        known.setdefault(record.principal.id, Account.of(record.principal))
    return known


def with_rights_of_now(records: Iterable[KeyRecord], accounts: Sequence[Account]) -> list[KeyRecord]:
    """``records`` with what their accounts may do now; without those of accounts that are out. A key of no account keeps the
    rights that it was issued with. A role that takes a second person comes only to keys that were issued with it: who had a key
    made before, and knows its text, would have it too."""
    known = {account.id: account for account in accounts}
    return [_now(record, known.get(record.principal.id)) for record in records if not _is_out(record, known)]


def _is_out(record: KeyRecord, known: dict[str, Account]) -> bool:
    account = known.get(record.principal.id)
    return account is not None and account.is_out


def _now(record: KeyRecord, account: Account | None) -> KeyRecord:
    if account is None:
        return record
    withheld = SECOND_PERSON - record.principal.roles
    return replace(record, principal=replace(account.principal(), roles=account.roles - withheld))
