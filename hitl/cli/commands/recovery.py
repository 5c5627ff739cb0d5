"""Give an account a role that takes a second person, where no second person is left: on the record first."""

import asyncio
import secrets
import time
from dataclasses import replace

from redis.asyncio import Redis

from hitl.access.seals import check_reason
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.identities import ValkeyKeys
from hitl.adapters.valkey.recoveries import ValkeyRecoveries
from hitl.errors import NotStarted
from hitl.identity.accounts import Account, accounts_by_id
from hitl.identity.keys import issue
from hitl.identity.principal import Role
from hitl.identity.recoveries import Recovery

NOTED_WITHIN_S = 60.0
LOOK_EVERY_S = 0.2


def recover(redis_url: str, recovery: Recovery, within_s: float = NOTED_WITHIN_S) -> dict[str, str]:
    """Return the new key of the account, which has the roles beside its own from now on, once the access journal says so. Raises
    InvalidInput for a reason that says nothing, NotStarted where the service does not write that; then nothing has changed."""
    check_reason(recovery.reason)  # or the service would refuse the entry again and again, and those behind it wait
    return asyncio.run(_recover(redis_url, recovery, within_s))


async def _recover(redis_url: str, recovery: Recovery, within_s: float) -> dict[str, str]:
    client = connect(redis_url)
    try:
        await _noted(ValkeyRecoveries(client), recovery, time.monotonic() + within_s)
        return await _given(client, recovery)
    finally:
        await client.aclose()


async def _noted(waiting: ValkeyRecoveries, recovery: Recovery, until: float) -> None:
    name = secrets.token_hex(8)
    await waiting.ask(name, recovery)
    while name in await waiting.waiting():
        if time.monotonic() > until and await waiting.drop(name):
            raise NotStarted("recovery", "the service must run: it writes the entry of the access journal")
        await asyncio.sleep(LOOK_EVERY_S)


async def _given(client: Redis, recovery: Recovery) -> dict[str, str]:
    store = ValkeyKeys(client)
    before = accounts_by_id(await store.accounts(), await store.all()).get(
        recovery.account, Account(recovery.account, frozenset())
    )
    roles = before.roles | {Role(role) for role in recovery.roles}
    account = replace(before, roles=roles, is_disabled=False, is_held=False)
    await store.put_account(account)
    text, record = issue(account.principal(), time.time(), secrets.token_bytes)
    await store.put(record)
    return {account.id: text}
