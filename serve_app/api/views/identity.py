"""Answers of the routes of accounts, keys and sessions."""

from dataclasses import dataclass

from hitl.identity.views import AccountView, KeyView, SessionView


@dataclass(frozen=True, slots=True)
class Accounts:
    """Every account, in the order of their ids."""

    accounts: list[AccountView]


@dataclass(frozen=True, slots=True)
class AccountKeys:
    """The keys of one account, oldest first."""

    keys: list[KeyView]


@dataclass(frozen=True, slots=True)
class PermissionsView:
    """What the caller's roles allow, as names such as ``see_approvals``; a page offers only what stands here."""

    may: list[str]


@dataclass(frozen=True, slots=True)
class RevokedKey:
    """The key is worthless within two seconds, and so are all of its line: ``revoked`` lists them, the key among them."""

    key_id: str
    revoked: list[str]
    is_revoked: bool = True


@dataclass(frozen=True, slots=True)
class Sessions:
    """Open sessions, oldest first."""

    sessions: list[SessionView]


@dataclass(frozen=True, slots=True)
class EndedSession:
    """The session is over."""

    session: str
    is_over: bool = True


@dataclass(frozen=True, slots=True)
class SocketTicket:
    """``ticket`` opens one socket within ``expires_in_s`` seconds."""

    ticket: str
    expires_in_s: float
