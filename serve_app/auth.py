"""Who sends a request: the bearer key against a table that is never older than two seconds."""

import asyncio
import time
from collections.abc import Callable

from hitl.errors import Unauthenticated
from hitl.identity import Principal
from hitl.identity.keys import KeyRecord, KeyStore, split

REFRESH_S = 2.0
"""A revoked key works at most this long."""

UNKNOWN_REFRESH_S = 0.25
"""A key that is not in the table makes us look again, at most this often: a new key works at once."""

SCHEME = "bearer "
NO_KEY = "send the header 'Authorization: Bearer <key>' with a valid key"


class Authenticator:
    """Finds the principal of an ``Authorization`` header. Raises Unauthenticated, or StoreUnavailable when the table is
    too old and cannot be read again."""

    def __init__(self, keys: KeyStore, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._keys, self._monotonic = keys, monotonic
        self._table: dict[str, KeyRecord] = {}
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    async def authenticate(self, authorization: str | None) -> Principal:
        """The caller; the same refusal whatever is wrong with the key."""
        key_id, secret = _key_of(authorization)
        if self._age() > REFRESH_S:
            await self._refresh(REFRESH_S)
        if key_id not in self._table and self._age() > UNKNOWN_REFRESH_S:
            await self._refresh(UNKNOWN_REFRESH_S)
        record = self._table.get(key_id)
        if record is None or not record.matches(secret):
            raise Unauthenticated(NO_KEY)
        return record.principal

    def _age(self) -> float:
        return self._monotonic() - self._read_at

    async def _refresh(self, older_than_s: float) -> None:
        async with self._reading:
            if self._age() <= older_than_s:
                return
            asked_at = self._monotonic()
            self._table = {record.key_id: record for record in await self._keys.all()}
            self._read_at = asked_at


def _key_of(authorization: str | None) -> tuple[str, str]:
    if authorization is None or authorization[: len(SCHEME)].lower() != SCHEME:
        raise Unauthenticated(NO_KEY)
    parts = split(authorization[len(SCHEME) :].strip())
    if parts is None:
        raise Unauthenticated(NO_KEY)
    return parts
