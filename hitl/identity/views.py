"""Accounts, keys and sessions as they are shown: never with a secret, except a key to its owner, once. Times are UTC seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CallerView:
    """Who the caller is and what they may do; ``tasks`` and ``queues`` bound the roles, empty means all."""

    account: str
    roles: list[str]
    tasks: list[str]
    queues: list[str]
    skills: list[str]


@dataclass(frozen=True, slots=True)
class AccountView(CallerView):
    """An account; the keys and sessions of a disabled one are worthless."""

    is_disabled: bool


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key without its secret; ``expires_at`` None: it works until it is revoked."""

    key_id: str
    account: str
    created_at: float
    expires_at: float | None


@dataclass(frozen=True, slots=True)
class IssuedKey(KeyView):
    """A key with its text (``key``), which is shown this once."""

    key: str


@dataclass(frozen=True, slots=True)
class OpenedSession(CallerView):
    """The caller's new session: it ends ``idle_s`` seconds after the last request, at the latest at ``ends_at``."""

    session: str
    idle_s: float
    ends_at: float


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session, last used at about ``seen_at``; it ends ``idle_s`` seconds after that, at the latest at ``ends_at``.
    ``is_current`` is the one that asks."""

    account: str
    created_at: float
    seen_at: float
    session: str
    idle_s: float
    ends_at: float
    is_current: bool
