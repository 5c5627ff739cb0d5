"""Keys, accounts, sessions and tickets in memory, for tests."""

from collections.abc import Callable

from hitl.errors import StoreUnavailable
from hitl.identity.accounts import Account, with_rights_of_now
from hitl.identity.keys import KeyRecord
from hitl.identity.sessions import Session


class MemoryKeys:
    """A KeyStore and an AccountStore. ``secret`` is the secret of case ids; while ``is_away``, nothing can be read."""

    def __init__(self, *records: KeyRecord, secret: bytes = bytes(32)) -> None:
        self._records = {record.key_id: record for record in records}
        self._accounts: dict[str, Account] = {}
        self._secret = secret
        self.is_away = False

    async def put(self, record: KeyRecord) -> None:
        self._records[record.key_id] = record

    async def all(self) -> list[KeyRecord]:
        if self.is_away:
            raise StoreUnavailable("switched off")
        return with_rights_of_now(self._records.values(), list(self._accounts.values()))

    async def stored(self) -> list[KeyRecord]:
        return list(self._records.values())

    async def remove(self, key_id: str) -> bool:
        return self._records.pop(key_id, None) is not None

    async def case_secret(self) -> bytes:
        return self._secret

    async def put_account(self, account: Account) -> None:
        self._accounts[account.id] = account

    async def accounts(self) -> list[Account]:
        return list(self._accounts.values())


class MemorySessions:
    """A SessionStore."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}

    async def put(self, digest: str, session: Session) -> None:
        self._sessions[digest] = session

    async def find(self, digest: str) -> Session | None:
        return self._sessions.get(digest)

    async def touch(self, digest: str, session: Session) -> None:
        if digest in self._sessions:
            self._sessions[digest] = session

    async def remove(self, digest: str) -> bool:
        return self._sessions.pop(digest, None) is not None

    async def all(self) -> dict[str, Session]:
        return dict(self._sessions)


class MemoryOneTime:
    """A OneTimeStore over the clock ``now``."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._texts: dict[str, tuple[str, float]] = {}

    async def keep(self, digest: str, text: str, ttl_s: float) -> None:
        self._texts[digest] = (text, self._now() + ttl_s)

    async def take(self, digest: str) -> str | None:
        text, until = self._texts.pop(digest, (None, 0.0))
        return text if self._now() < until else None
