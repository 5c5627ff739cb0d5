"""Authenticate bearer keys against a table that is at most two seconds old, and tokens of the identity provider."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

from hitl.errors import Unauthenticated
from hitl.identity import Principal
from hitl.identity.accounts import Account, AccountStore
from hitl.identity.keys import KeyRecord, KeyStore, split
from serve_app.http.bearer_tokens import BearerTokens, is_token
from serve_app.http.limits import Buckets

REFRESH_S = 2.0
"""A revoked key works at most this long."""

UNKNOWN_REFRESH_S = 0.25
"""A key that is not in the table makes us look again, at most this often: a new key works at once."""

MAX_PROVED = 10_000
"""Headers that are remembered between two readings of the table; the spelling of a scheme gives one key several."""

GUESSES_PER_S, GUESSES_AT_ONCE = 1.0, 60.0
"""Wrong keys that a replica answers with 401, whoever sends them; beyond, 429. A right key is never held up."""

SCHEME = "bearer "
NO_KEY = "send the header 'Authorization: Bearer <key>' with a valid key"
NO_RIGHTS = "sign in again: the account or its key is gone"


class Authenticator:
    """Finds the principal of an ``Authorization`` header, of a key's id, or of an account. Raises Unauthenticated,
    TooManyRequests when too many wrong keys came, or StoreUnavailable when the table is too old and cannot be read again."""

    def __init__(
        self,
        keys: KeyStore,
        monotonic: Callable[[], float] = time.monotonic,
        accounts: AccountStore | None = None,
        wall: Callable[[], float] = time.time,
        tokens: BearerTokens | None = None,
    ) -> None:
        self._keys, self._accounts, self._monotonic, self._wall = keys, accounts, monotonic, wall
        self._tokens = tokens
        self._table: dict[str, KeyRecord] = {}
        self._proved: dict[str, KeyRecord] = {}
        self._people: dict[str, Account] = {}
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()
        self._guesses = Buckets(GUESSES_PER_S, GUESSES_AT_ONCE, monotonic, "wrong keys a second")

    async def authenticate(self, authorization: str | None) -> Principal:
        """Return the caller; the same refusal whatever is wrong with the key."""
        if self._tokens is not None and (token := _token_of(authorization)) is not None:
            return await self._by_token(self._tokens, token)
        record = self._proved_lately(authorization) or await self._proved_now(authorization)
        if not record.is_valid(self._wall()):
            raise Unauthenticated(NO_KEY)
        return record.principal

    async def _by_token(self, tokens: BearerTokens, token: str) -> Principal:
        """Return a machine with an access token of the provider. Who was disabled here stays out. The principal names no session:
        whoever looks again needs the token."""
        try:
            account = await tokens.account_of(token)
        except Unauthenticated:
            self._guesses.take("")
            raise
        if self._age() > REFRESH_S:
            await self._refresh(REFRESH_S)
        known = self._people.get(account.id)
        if known is not None and known.is_out:
            raise Unauthenticated(NO_RIGHTS)
        return account.principal()

    def _proved_lately(self, authorization: str | None) -> KeyRecord | None:
        """Return the record of a header that matched the table in force: the same header need not be digested again."""
        if authorization is None or self._age() > REFRESH_S:
            return None
        return self._proved.get(authorization)

    async def _proved_now(self, authorization: str | None) -> KeyRecord:
        key_id, secret = key_of(authorization)
        record = await self._find(key_id)
        if authorization is None or record is None or not record.matches(secret):
            self._guesses.take("")
            raise Unauthenticated(NO_KEY)
        if len(self._proved) < MAX_PROVED:
            self._proved[authorization] = record
        return record

    async def of_key(self, key_id: str) -> Principal:
        """Return the owner of a key that was shown before."""
        record = await self._find(key_id)
        if record is None or not record.is_valid(self._wall()):
            raise Unauthenticated(NO_RIGHTS)
        return record.principal

    def count_guess(self) -> None:
        """Count a wrong proof that came in another form than a key. Raises TooManyRequests beyond what a replica answers."""
        self._guesses.take("")

    async def of_account(self, account: str) -> Principal:
        """Return the account as it is now."""
        if self._age() > REFRESH_S:
            await self._refresh(REFRESH_S)
        if account not in self._people and self._age() > UNKNOWN_REFRESH_S:
            await self._refresh(UNKNOWN_REFRESH_S)
        found = self._people.get(account)
        if found is None or found.is_out:
            raise Unauthenticated(NO_RIGHTS)
        return found.principal()

    async def _find(self, key_id: str) -> KeyRecord | None:
        if self._age() > REFRESH_S:
            await self._refresh(REFRESH_S)
        if key_id not in self._table and self._age() > UNKNOWN_REFRESH_S:
            await self._refresh(UNKNOWN_REFRESH_S)
        return self._table.get(key_id)

    def _age(self) -> float:
        return self._monotonic() - self._read_at

    async def _refresh(self, older_than_s: float) -> None:
        async with self._reading:
            if self._age() <= older_than_s:
                return
            asked_at = self._monotonic()
            self._table = {record.key_id: _known_by(record) for record in await self._keys.all()}
            if self._accounts is not None:
                self._people = {account.id: account for account in await self._accounts.accounts()}
            self._read_at, self._proved = asked_at, {}


def _known_by(record: KeyRecord) -> KeyRecord:
    """``record`` whose principal says which key they came with."""
    return replace(record, principal=replace(record.principal, session=f"key:{record.key_id}"))


def _credentials(authorization: str | None) -> str | None:
    """Return what stands behind the scheme; None for another scheme, or no header."""
    if authorization is None or authorization[: len(SCHEME)].lower() != SCHEME:
        return None
    return authorization[len(SCHEME) :].strip()


def _token_of(authorization: str | None) -> str | None:
    """Return the JSON Web Token in the header, or None."""
    text = _credentials(authorization)
    return text if text is not None and is_token(text) else None


def key_of(authorization: str | None) -> tuple[str, str]:
    """Return the id and the secret of the key in the header. Raises Unauthenticated."""
    text = _credentials(authorization)
    parts = None if text is None else split(text)
    if parts is None:
        raise Unauthenticated(NO_KEY)
    return parts
