"""Authenticate by a session cookie or a socket ticket, and check both again while they are used."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from secrets import token_bytes, token_hex

from hitl.errors import InvalidRequest, TooManyRequests, Unauthenticated
from hitl.identity import Principal
from hitl.identity.caps import AccountCaps
from hitl.identity.sessions import (
    TOUCH_S,
    OneTimeStore,
    Session,
    SessionStore,
    SessionTerms,
    digest_of_token,
    open_session,
)
from serve_app.http.authentication import Authenticator
from serve_app.http.limits import Buckets

TICKET_S = 30.0
"""A ticket is asked for and used at once."""

AGAIN_S = 60
"""When an account may have a session that it may not have now: another of its own may be over by then."""

NO_SESSION = "sign in: there is no such session, or it is over"
NO_TICKET = "the ticket was used, is too old, or never was"
OF_KEY, OF_SESSION = "key:", "session:"


@dataclass(frozen=True, slots=True)
class SignIn:
    """Raises Unauthenticated for what lets nobody in, StoreUnavailable when nobody can tell."""

    keys: Authenticator
    sessions: SessionStore
    once: OneTimeStore
    terms: SessionTerms = field(default_factory=SessionTerms)
    wall: Callable[[], float] = time.time
    caps: AccountCaps = field(default_factory=AccountCaps)
    monotonic: Callable[[], float] = time.monotonic
    opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    tickets: Buckets = field(init=False)

    def __post_init__(self) -> None:
        most = self.caps.tickets
        object.__setattr__(self, "tickets", Buckets(most / TICKET_S, most, self.monotonic, "tickets a second of one account"))

    async def sign_in(self, account: str, key_id: str = "") -> tuple[str, Session]:
        """Open a session: return the token for the cookie, and the session. Raises TooManyRequests beside."""
        token, session = open_session(account, key_id, self.wall(), token_bytes)
        await self.keep(token, session)
        return token, session

    async def keep(self, token: str, session: Session) -> None:
        """Open ``session`` for who has ``token``. Raises TooManyRequests where the account has as many as it may."""
        async with self.opening:  # or many at once would all see room
            await self.check_room(session.account)
            await self.sessions.put(digest_of_token(token), session)

    async def check_room(self, account: str) -> None:
        """Raises TooManyRequests where the account has as many sessions as it may."""
        found = (await self.sessions.all()).values()
        mine = [old for old in found if old.account == account and not old.is_over(self.wall(), self.terms)]
        if len(mine) >= self.caps.sessions:
            raise TooManyRequests(account, f"{self.caps.sessions} open sessions of one account", AGAIN_S)

    async def opened(self, token: str) -> Session | None:
        """Return the open session of who has ``token``."""
        session = await self.sessions.find(digest_of_token(token))
        return None if session is None or session.is_over(self.wall(), self.terms) else session

    async def by_cookie(self, token: str) -> Principal:
        """Return the person of the session; it counts as used."""
        return await self._in_session(digest_of_token(token), is_used=True)

    async def issue_ticket(self, principal: Principal) -> str:
        """Issue a text that opens one socket, once, soon. Raises TooManyRequests beside."""
        if not principal.session:
            raise InvalidRequest("authorization", "a key or a session: a token of the provider opens the socket itself")
        self.tickets.take(principal.id)
        text = token_hex(32)
        await self.once.keep(digest_of_token(text), principal.session, TICKET_S)
        return text

    async def by_ticket(self, text: str) -> Principal:
        """Return the person who asked for the ticket, if they may still come in. The ticket is used up."""
        way = await self.once.take(digest_of_token(text))
        if way is None:
            raise Unauthenticated(NO_TICKET)
        return await self.reauthenticate(way)

    async def reauthenticate(self, way: str) -> Principal:
        """Return the person who came in by ``way`` (Principal.session), if that is still valid."""
        if way.startswith(OF_KEY):
            return await self.keys.of_key(way.removeprefix(OF_KEY))
        return await self._in_session(way.removeprefix(OF_SESSION), is_used=False)

    async def _in_session(self, digest: str, is_used: bool) -> Principal:
        session = await self.sessions.find(digest)
        now = self.wall()
        if session is None or session.is_over(now, self.terms):
            raise Unauthenticated(NO_SESSION)
        who = await self._owner(session)
        if is_used and now - session.seen_at >= TOUCH_S:
            await self.sessions.touch(digest, replace(session, seen_at=now))
        return replace(who, session=OF_SESSION + digest)

    async def _owner(self, session: Session) -> Principal:
        if session.key_id:
            return await self.keys.of_key(session.key_id)
        return await self.keys.of_account(session.account)
