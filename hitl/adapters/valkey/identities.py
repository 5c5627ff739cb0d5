"""Callers' keys, their accounts, and the secret behind case ids, in Valkey."""

import json
from secrets import token_hex
from typing import cast

from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import store_errors
from hitl.identity.accounts import Account, with_rights_of_now
from hitl.identity.keys import KeyRecord

SECRET_BYTES = 32


class ValkeyKeys:
    """A hitl.identity.keys.KeyStore and a hitl.identity.accounts.AccountStore."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    async def put(self, record: KeyRecord) -> None:
        with store_errors():
            await self._client.hset(names.identity_keys(), record.key_id, json.dumps(record.plain()))

    async def all(self) -> list[KeyRecord]:
        reads = self._client.pipeline(transaction=False)
        reads.hgetall(names.identity_keys())
        reads.hgetall(names.identity_accounts())
        with store_errors():
            keys, accounts = cast(tuple[dict[bytes, bytes], dict[bytes, bytes]], await reads.execute())
        records = [KeyRecord.from_plain(json.loads(text)) for text in keys.values()]
        return with_rights_of_now(records, [Account.from_plain(json.loads(text)) for text in accounts.values()])

    async def stored(self) -> list[KeyRecord]:
        with store_errors():
            found = await self._client.hgetall(names.identity_keys())
        return [KeyRecord.from_plain(json.loads(text)) for text in found.values()]

    async def remove(self, key_id: str) -> bool:
        with store_errors():
            return bool(await self._client.hdel(names.identity_keys(), key_id))

    async def case_secret(self) -> bytes:
        with store_errors():
            await self._client.set(names.identity_secret(), token_hex(SECRET_BYTES), nx=True)
            stored = cast(bytes, await self._client.get(names.identity_secret()))
        return bytes.fromhex(stored.decode())

    async def put_account(self, account: Account) -> None:
        with store_errors():
            await self._client.hset(names.identity_accounts(), account.id, json.dumps(account.plain()))

    async def accounts(self) -> list[Account]:
        with store_errors():
            stored = await self._client.hgetall(names.identity_accounts())
        return [Account.from_plain(json.loads(text)) for text in stored.values()]
