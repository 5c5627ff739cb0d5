"""Sessions, tickets and unfinished sign-ins, in Valkey."""

from typing import cast

from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import script, store_errors
from hitl.identity.sessions import Session


class ValkeySessions:
    """A hitl.identity.sessions.SessionStore."""

    def __init__(self, client: Redis) -> None:
        self._client, self._touch = client, script(client, "touch_session")

    async def put(self, digest: str, session: Session) -> None:
        with store_errors():
            await self._client.hset(names.identity_sessions(), digest, session.encode())

    async def find(self, digest: str) -> Session | None:
        with store_errors():
            text = await self._client.hget(names.identity_sessions(), digest)
        return None if text is None else Session.decode(text)

    async def touch(self, digest: str, session: Session) -> None:
        with store_errors():
            await self._touch(keys=[names.identity_sessions()], args=[digest, session.encode()])

    async def remove(self, digest: str) -> bool:
        with store_errors():
            return bool(await self._client.hdel(names.identity_sessions(), digest))

    async def all(self) -> dict[str, Session]:
        with store_errors():
            stored = cast(dict[bytes, bytes], await self._client.hgetall(names.identity_sessions()))
        return {digest.decode(): Session.decode(text) for digest, text in stored.items()}


class ValkeyOneTime:
    """A hitl.identity.sessions.OneTimeStore."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    async def keep(self, digest: str, text: str, ttl_s: float) -> None:
        with store_errors():
            await self._client.set(names.identity_once(digest), text, px=max(1, int(ttl_s * 1000)))

    async def take(self, digest: str) -> str | None:
        with store_errors():
            text = cast(bytes | None, await self._client.getdel(names.identity_once(digest)))
        return None if text is None else text.decode()
