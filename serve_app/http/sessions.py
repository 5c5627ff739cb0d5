"""Authenticate by a session cookie or a socket ticket, and check both again while they are used."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from secrets import token_bytes, token_hex

from hitl.errors import Unauthenticated
from hitl.identity import Principal
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

TICKET_S = 30.0
"""A ticket is asked for and used at once."""

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

    async def sign_in(self, account: str, key_id: str = "") -> tuple[str, Session]:
        """The token for the cookie, and its session; ended ones are swept out."""
        now = self.wall()
        for digest, old in (await self.sessions.all()).items():
            if old.is_over(now, self.terms):
                await self.sessions.remove(digest)
        token, session = open_session(account, key_id, now, token_bytes)
        await self.sessions.put(digest_of_token(token), session)
        return token, session

    async def by_cookie(self, token: str) -> Principal:
        """The person of the session; it counts as used."""
        return await self._in_session(digest_of_token(token), is_used=True)

    async def issue_ticket(self, principal: Principal) -> str:
        """A text that opens one socket, once, soon."""
        text = token_hex(32)
        await self.once.keep(digest_of_token(text), principal.session, TICKET_S)
        return text

    async def by_ticket(self, text: str) -> Principal:
        """The person who asked for the ticket, if they may still come in. The ticket is used up."""
        way = await self.once.take(digest_of_token(text))
        if way is None:
            raise Unauthenticated(NO_TICKET)
        return await self.again(way)

    async def again(self, way: str) -> Principal:
        """The person who came in by ``way`` (Principal.session), if that is still valid."""
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
