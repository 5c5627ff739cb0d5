"""Sessions of people: a random token in a cookie, stored as a digest; it ends when idle, too old, or signed out."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Protocol

from hitl.canonical import digest_of
from hitl.identity.views import SessionView

TOKEN_BYTES, NAME_BYTES = 32, 6
TOUCH_S = 30.0
"""A session that was used is written again at most this often."""


@dataclass(frozen=True, slots=True)
class SessionTerms:
    """Seconds without a request, and seconds in all, after which a session is over; ``provider_s`` in all for one that rests on
    what an identity provider said."""

    idle_s: float = 1800.0
    absolute_s: float = 43_200.0
    provider_s: float = 3600.0


@dataclass(frozen=True, slots=True)
class Session:
    """``name`` tells it from others and is no secret; ``key_id`` is the key that it was opened with, empty for OIDC: without
    its key it is over. Times are UTC seconds."""

    name: str
    account: str
    key_id: str
    created_at: float
    seen_at: float

    def is_over(self, now: float, terms: SessionTerms) -> bool:
        return now - self.seen_at >= terms.idle_s or now >= self.ends_at(terms)

    def ends_at(self, terms: SessionTerms) -> float:
        """The latest end of the session."""
        return self.created_at + (terms.absolute_s if self.key_id else min(terms.absolute_s, terms.provider_s))

    def view(self, terms: SessionTerms, is_current: bool) -> SessionView:
        """Return the session as it is shown; ``is_current``: to who uses it."""
        ends_at = self.ends_at(terms)
        return SessionView(self.account, self.created_at, self.seen_at, self.name, terms.idle_s, ends_at, is_current)

    def encode(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def decode(text: str | bytes) -> "Session":
        return Session(**json.loads(text))


class SessionStore(Protocol):
    """Sessions by the digest of their token. All raise StoreUnavailable."""

    async def put(self, digest: str, session: Session) -> None: ...

    async def find(self, digest: str) -> Session | None: ...

    async def touch(self, digest: str, session: Session) -> None:
        """Keep ``session`` in place of the one that stands there; one that was removed stays removed."""

    async def remove(self, digest: str) -> bool:
        """Tell whether there was one."""

    async def all(self) -> dict[str, Session]: ...


class OneTimeStore(Protocol):
    """Texts that can be taken once, within their time. Both raise StoreUnavailable."""

    async def keep(self, digest: str, text: str, ttl_s: float) -> None: ...

    async def take(self, digest: str) -> str | None:
        """Return the text, for one caller alone; None if it was taken, is too old or never was."""


def open_session(account: str, key_id: str, now: float, random_bytes: Callable[[int], bytes]) -> tuple[str, Session]:
    """Return the token of a new session, to be given to the browser alone, and what to keep under ``digest_of`` it."""
    token = random_bytes(TOKEN_BYTES).hex()
    return token, Session(random_bytes(NAME_BYTES).hex(), account, key_id, now, now)


def open_for_key(account: str, key_id: str, secret: str, request: str, now: float) -> tuple[str, Session]:
    """As open_session, by ``request`` of who has the key with ``secret``: the same request gets the same token, which nobody
    can make without the secret, and which is stored nowhere."""
    token = hmac.new(secret.encode(), f"session\x00{request}".encode(), hashlib.sha256).hexdigest()
    return token, Session(digest_of_token(digest_of_token(token))[: 2 * NAME_BYTES], account, key_id, now, now)


def digest_of_token(token: str) -> str:
    """Return the digest under which a token is stored: it has 256 random bits, so that no slow hash is needed."""
    return digest_of(token.encode())
