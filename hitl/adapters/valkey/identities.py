"""The keys of callers and the secret behind case ids, in Valkey."""

import json
import secrets
from collections.abc import Awaitable
from typing import Any, TypeVar, cast

from redis.exceptions import RedisError

from hitl.errors import StoreUnavailable
from hitl.identity.keys import KeyRecord

KEYS = "hitl:{identity}:keys"
SECRET = "hitl:{identity}:secret"
SECRET_BYTES = 32

T = TypeVar("T")


class ValkeyKeys:
    """A KeyStore on ``client``, a redis.asyncio client (plain or cluster) that answers bytes."""

    def __init__(self, client: Any) -> None:
        self._client = client

    async def put(self, record: KeyRecord) -> None:
        await _ask(self._client.hset(KEYS, record.key_id, json.dumps(record.plain())))

    async def all(self) -> list[KeyRecord]:
        stored = cast(dict[bytes, bytes], await _ask(self._client.hgetall(KEYS)))
        return [KeyRecord.from_plain(json.loads(text)) for text in stored.values()]

    async def remove(self, key_id: str) -> bool:
        return bool(await _ask(self._client.hdel(KEYS, key_id)))

    async def case_secret(self) -> bytes:
        await _ask(self._client.set(SECRET, secrets.token_hex(SECRET_BYTES), nx=True))
        return bytes.fromhex(cast(bytes, await _ask(self._client.get(SECRET))).decode())


async def _ask(answer: Awaitable[T]) -> T:
    try:
        return await answer
    except RedisError as error:
        raise StoreUnavailable(type(error).__name__) from error
