"""Manage accounts and keys directly in the store: for the owner of the machine, not over HTTP."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.identities import ValkeyKeys
from hitl.errors import Forbidden, KeyRotated, NotFound
from hitl.identity import Principal, Role
from hitl.identity.accounts import Account, accounts_by_id
from hitl.identity.keys import KeyRecord, family_of, issue, successor_of

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
    """Issue the keys of FIRST_ACCOUNTS by account, when the store has no key at all; otherwise nothing."""
    return _with_store(redis_url, _issue_first)


def issue_all(redis_url: str, accounts: Mapping[str, Sequence[Role]], tasks: Sequence[str] = ()) -> dict[str, str]:
    """Issue a new key for each account, for ``tasks`` alone unless empty. The texts are nowhere else."""
    principals = [Principal(name, frozenset(roles), frozenset(tasks)) for name, roles in accounts.items()]
    return _with_store(redis_url, lambda store: _issue(store, principals))


def issue_one(redis_url: str, account: str, roles: Sequence[Role], tasks: Sequence[str] = ()) -> dict[str, str]:
    """As issue_all for one account. Raises Forbidden for a role that takes a second person, also where the account has it."""
    wish = Account(account, frozenset(roles), frozenset(tasks))
    _with_store(redis_url, lambda store: _check_alone(store, wish, None))
    return issue_all(redis_url, {account: roles}, tasks)


def set_account(redis_url: str, account: Account) -> None:
    """As put_account. Raises Forbidden for a right that takes a second person, unless the account has it."""
    _with_store(redis_url, lambda store: _check_alone(store, account, account.id))
    put_account(redis_url, account)


def list_keys(redis_url: str) -> list[KeyRecord]:
    """List every key by account, oldest first, also those that came back with a backup; without those of disabled accounts."""
    records = _with_store(redis_url, _all_keys)
    return sorted(records, key=lambda record: (record.principal.id, record.created_at))


def revoke(redis_url: str, key_id: str) -> list[str]:
    """Forget a key and its whole line: no replica takes them after two seconds. The ids of all. Raises NotFound."""
    return _with_store(redis_url, lambda store: _revoke(store, key_id))


def resume(redis_url: str, key_id: str) -> None:
    """Let a key that came back with a backup work again. Raises NotFound."""
    _with_store(redis_url, lambda store: _resume(store, key_id))


def resume_account(redis_url: str, account: str) -> None:
    """Let an account that came back with a backup work again, with the rights that it had there. Raises NotFound."""
    _with_store(redis_url, lambda store: _resume_account(store, account))


def rotate(redis_url: str, key_id: str, grace_s: float) -> dict[str, str]:
    """Return the next key of the same account; the old one works for ``grace_s`` more. Raises NotFound, KeyRotated."""
    return _with_store(redis_url, lambda store: _rotate(store, key_id, grace_s))


def put_account(redis_url: str, account: Account) -> None:
    """All that the account may do from now on."""
    _with_store(redis_url, lambda store: store.put_account(account))


def list_accounts(redis_url: str) -> list[Account]:
    """List every account that was put, by id."""
    return sorted(_with_store(redis_url, lambda store: store.accounts()), key=lambda account: account.id)


async def _rotate(store: ValkeyKeys, key_id: str, grace_s: float) -> dict[str, str]:
    records, now = await store.all(), time.time()
    old = next((record for record in records if record.key_id == key_id), None)
    if old is None or not old.is_valid(now):
        raise NotFound("key", key_id)
    if (successor := successor_of(key_id, await store.stored(), now)) is not None:
        raise KeyRotated(key_id, successor.key_id)
    text, fresh = issue(old.principal, now, secrets.token_bytes, expires_at=old.expires_at, after=old)
    await store.put(fresh)
    await store.put(old.ending(time.time() + grace_s))
    return {old.principal.id: text}


async def _check_alone(store: ValkeyKeys, wish: Account, keeping: str | None) -> None:
    """``keeping`` is an account whose present rights may stay. Who made no key yet is alone by nature."""
    records = await store.stored()
    known = accounts_by_id(await store.accounts(), records)
    before = known.get(wish.id) if keeping else None
    strong = wish.needs_second_person(before) or (keeping is None and wish.id in known and bool(known[wish.id].strong_roles))
    if records and strong:
        raise Forbidden("one person", "give the roles approver and admin: ask over the API, or 'hitl accounts recover'")


async def _revoke(store: ValkeyKeys, key_id: str) -> list[str]:
    records = await store.stored()
    record = next((record for record in records if record.key_id == key_id), None)
    if record is None:
        raise NotFound("key", key_id)
    line = family_of(record, records)
    for each in line:
        await store.remove(each)
    return line


async def _resume(store: ValkeyKeys, key_id: str) -> None:
    record = next((record for record in await store.stored() if record.key_id == key_id), None)
    if record is None:
        raise NotFound("key", key_id)
    await store.put(replace(record, is_held=False))


async def _resume_account(store: ValkeyKeys, account: str) -> None:
    found = next((each for each in await store.accounts() if each.id == account), None)
    if found is None:
        raise NotFound("account", account)
    await store.put_account(replace(found, is_held=False))


async def _all_keys(store: ValkeyKeys) -> list[KeyRecord]:
    now = {record.key_id: record for record in await store.all()}
    return [*now.values(), *(each for each in await store.stored() if each.is_held and each.key_id not in now)]


async def _issue_first(store: ValkeyKeys) -> dict[str, str]:
    if await store.stored():
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
