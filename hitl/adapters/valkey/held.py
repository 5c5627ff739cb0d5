"""Let nobody in by what a backup brought back: it does not know what was revoked after it was taken."""

from dataclasses import replace

from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import store_errors
from hitl.adapters.valkey.identities import ValkeyKeys

PAGE = 500


async def hold_all(client: Redis) -> None:
    """Hold every key and account of the store, and drop sessions, tickets and sign-ins under way. Raises StoreUnavailable."""
    store = ValkeyKeys(client)
    for record in await store.stored():
        await store.put(replace(record, is_held=True))
    for account in await store.accounts():
        await store.put_account(replace(account, is_held=True))
    with store_errors():
        await client.delete(names.identity_sessions(), names.identity_recoveries())
        async for key in client.scan_iter(names.identity_once("*"), count=PAGE):
            await client.delete(key)
