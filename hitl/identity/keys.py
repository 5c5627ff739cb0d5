"""API keys: the text is shown once, and only a digest of its secret is stored.

The text is ``hitl_<key id>_<secret>``: the id finds the record, the secret proves the caller.
"""

import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from hitl.canonical import digest_of
from hitl.identity.principal import Principal, Role
from hitl.identity.views import KeyView

PREFIX = "hitl"
ID_BYTES = 6
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """The stored record of a key. ``secret_digest`` is SHA-256 of the secret's text: the secret has 256 random bits, so that
    no slow hash is needed. ``created_at`` and ``expires_at`` are UTC seconds; None: it works until it is revoked. ``after`` is
    the key that it follows, ``family`` the first of that line; both empty for a first key. ``is_held``: it came back with a
    backup, and works once the machine's owner resumes it."""

    key_id: str
    secret_digest: str
    principal: Principal
    created_at: float
    expires_at: float | None = None
    after: str = ""
    family: str = ""
    is_held: bool = False

    @property
    def line(self) -> str:
        """The first key of the line that it is of: what is rotated and what follows it ends together."""
        return self.family or self.key_id

    def is_over(self, now: float) -> bool:
        return self.expires_at is not None and self.expires_at <= now

    def is_valid(self, now: float) -> bool:
        return not self.is_held and not self.is_over(now)

    def ending(self, at: float) -> "KeyRecord":
        """This key, at an end no later than ``at``."""
        return replace(self, expires_at=at if self.expires_at is None else min(at, self.expires_at))

    def view(self) -> KeyView:
        """Return the public part of the record."""
        return KeyView(self.key_id, self.principal.id, self.created_at, self.expires_at)

    def matches(self, secret: str) -> bool:
        """Tell whether ``secret`` is this key's, in constant time."""
        return hmac.compare_digest(self.secret_digest, digest_of(secret.encode()))

    def plain(self) -> dict[str, Any]:
        """Return the stored form, as JSON values; of the secret it has the digest alone."""
        return {
            "key_id": self.key_id,
            "secret_digest": self.secret_digest,
            "principal": self.principal.id,
            "roles": sorted(self.principal.roles),
            "tasks": sorted(self.principal.tasks),
            "queues": sorted(self.principal.queues),
            "skills": sorted(self.principal.skills),
            "created_at": self.created_at,
            "expires_at": self.expires_at,
            "after": self.after,
            "family": self.family,
            "is_held": self.is_held,
        }

    @staticmethod
    def from_plain(plain: dict[str, Any]) -> "KeyRecord":
        """Return the record of a stored form; fields newer than the record have their defaults."""
        roles = frozenset(Role(role) for role in plain["roles"])
        tasks, queues, skills = (frozenset[str](plain.get(name, ())) for name in ("tasks", "queues", "skills"))
        principal = Principal(plain["principal"], roles, tasks, queues, skills)
        times = (plain["created_at"], plain.get("expires_at"))
        line = (plain.get("after", ""), plain.get("family", ""), plain.get("is_held", False))
        return KeyRecord(plain["key_id"], plain["secret_digest"], principal, *times, *line)


class KeyStore(Protocol):
    """A store of key records. All methods raise StoreUnavailable."""

    async def put(self, record: KeyRecord) -> None:
        """Keep ``record`` durably, in place of one with the same id."""

    async def all(self) -> list[KeyRecord]:
        """Return every record with the rights of its account as they are now, in no order; without those of disabled accounts."""

    async def stored(self) -> list[KeyRecord]:
        """Return every record as it was kept, in no order, for what sweeps and restores."""

    async def remove(self, key_id: str) -> bool:
        """Forget the key; False if there was none."""

    async def case_secret(self) -> bytes:
        """Return the secret that case ids are derived with (hitl.ids.case_id): made at the first call, the same for ever."""


def issue(
    principal: Principal,
    now: float,
    random_bytes: Callable[[int], bytes],
    key_id: str | None = None,
    expires_at: float | None = None,
    after: KeyRecord | None = None,
) -> tuple[str, KeyRecord]:
    """Issue a new key for ``principal``: its text, to be shown once, and the record to keep. Without ``key_id`` a random one. It
    follows ``after``, if there is one.

    >>> issue(Principal("ada", frozenset()), 0.0, lambda n: bytes(n))[0][:18]
    'hitl_000000000000_'
    """
    key_id, secret = key_id or random_bytes(ID_BYTES).hex(), random_bytes(SECRET_BYTES).hex()
    line = ("", "") if after is None else (after.key_id, after.line)
    return f"{PREFIX}_{key_id}_{secret}", KeyRecord(key_id, digest_of(secret.encode()), principal, now, expires_at, *line)


def successor_of(key_id: str, records: Iterable[KeyRecord], now: float) -> KeyRecord | None:
    """Return the living key that follows ``key_id``, if one does."""
    return next((record for record in records if record.after == key_id and not record.is_over(now)), None)


def family_of(record: KeyRecord, records: Iterable[KeyRecord]) -> list[str]:
    """Return the ids of the keys of the record's line, its own among them."""
    return [each.key_id for each in records if each.line == record.line]


def split(text: str) -> tuple[str, str] | None:
    """Return the key id and the secret of a key's text, or None if it is no key of ours."""
    parts = text.split("_")
    if len(parts) != 3 or parts[0] != PREFIX or not text.isascii():
        return None
    return parts[1], parts[2]
