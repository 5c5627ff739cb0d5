"""Manage accounts and keys directly in the store: for the owner of the machine, not over HTTP."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.identities import ValkeyKeys
from hitl.errors import NotFound
from hitl.identity import Principal, Role
from hitl.identity.accounts import Account
from hitl.identity.keys import KeyRecord, issue

T = TypeVar("T")

FIRST_ACCOUNTS: dict[str, tuple[Role, ...]] = {
    "client": (Role.CLIENT,),
    "reviewer-1": (Role.REVIEWER,),
    "reviewer-2": (Role.REVIEWER,),
    "expert": (Role.REVIEWER, Role.EXPERT),
    "approver-1": (Role.APPROVER,),
    "approver-2": (Role.APPROVER,),
    "trainer": (Role.TRAINER,),
    "operator": (Role.OPERATOR,),
    "admin": (Role.ADMIN,),
}
"""What a new service starts with: enough people for every step, one right each."""


def issue_first(redis_url: str) -> dict[str, str]:
    """The keys of FIRST_ACCOUNTS by account, when the store has no key at all; otherwise nothing."""
    return _with_store(redis_url, _issue_first)


def issue_all(redis_url: str, accounts: Mapping[str, Sequence[Role]], tasks: Sequence[str] = ()) -> dict[str, str]:
    """A new key for each account, for ``tasks`` alone unless empty. The texts are nowhere else."""
    principals = [Principal(name, frozenset(roles), frozenset(tasks)) for name, roles in accounts.items()]
    return _with_store(redis_url, lambda store: _issue(store, principals))


def list_keys(redis_url: str) -> list[KeyRecord]:
    """Every key by account, oldest first."""
    records = _with_store(redis_url, lambda store: store.all())
    return sorted(records, key=lambda record: (record.principal.id, record.created_at))


def revoke(redis_url: str, key_id: str) -> None:
    """Forget a key: no replica takes it after two seconds. Raises NotFound."""
    if not _with_store(redis_url, lambda store: store.remove(key_id)):
        raise NotFound("key", key_id)


def rotate(redis_url: str, key_id: str, grace_s: float) -> dict[str, str]:
    """The next key of the same account; the old one works for ``grace_s`` more. Raises NotFound."""
    return _with_store(redis_url, lambda store: _rotate(store, key_id, grace_s))


def put_account(redis_url: str, account: Account) -> None:
    """All that the account may do from now on."""
    _with_store(redis_url, lambda store: store.put_account(account))


def list_accounts(redis_url: str) -> list[Account]:
    """Every account that was put, by id."""
    return sorted(_with_store(redis_url, lambda store: store.accounts()), key=lambda account: account.id)


async def _rotate(store: ValkeyKeys, key_id: str, grace_s: float) -> dict[str, str]:
    old = next((record for record in await store.all() if record.key_id == key_id), None)
    if old is None:
        raise NotFound("key", key_id)
    text, fresh = issue(old.principal, time.time(), secrets.token_bytes, expires_at=old.expires_at)
    await store.put(fresh)
    await store.put(old.ending(time.time() + grace_s))
    return {old.principal.id: text}


async def _issue_first(store: ValkeyKeys) -> dict[str, str]:
    if await store.all():
        return {}
    return await _issue(store, [Principal(name, frozenset(roles)) for name, roles in FIRST_ACCOUNTS.items()])


async def _issue(store: ValkeyKeys, principals: Sequence[Principal]) -> dict[str, str]:
    texts = {}
    for principal in principals:
        texts[principal.id], record = issue(principal, time.time(), secrets.token_bytes)
        await store.put(record)
    return texts


def _with_store(redis_url: str, use: Callable[[ValkeyKeys], Awaitable[T]]) -> T:
    async def run() -> T:
        client = connect(redis_url)
        try:
            return await use(ValkeyKeys(client))
        finally:
            await client.aclose()

    return asyncio.run(run())
