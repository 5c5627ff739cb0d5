"""Somebody waits until a backup is put back that is older than the revocation of their key."""

import asyncio
from pathlib import Path

import pytest
from redis.asyncio import Redis

from hitl.adapters.valkey.backup import Places, Why, back_up, restore
from hitl.adapters.valkey.identities import ValkeyKeys
from hitl.adapters.valkey.sessions import ValkeyOneTime, ValkeySessions
from hitl.cli.commands import accounts
from hitl.errors import Unauthenticated
from hitl.identity import Role
from hitl.identity.accounts import Account
from hitl.identity.sessions import Session
from serve_app.http.authentication import Authenticator

WHY = Why("olga", "the disk is gone", 2_000.0)
EVE = Account("eve@hospital", frozenset({Role.OPERATOR}))


@pytest.fixture
async def texts(valkey: Redis, valkey_url: str, tmp_path: Path) -> dict[str, str]:
    """The keys of ann and eve in a store that was restored from a backup; eve's key was revoked, and her account disabled,
    after it was taken."""
    found = await asyncio.to_thread(accounts.issue_all, valkey_url, {"ann": [Role.CLIENT], "eve": [Role.OPERATOR]})
    store = ValkeyKeys(valkey)
    await store.put_account(EVE)
    await ValkeySessions(valkey).put("digest", Session("s", EVE.id, "", 1.0, 1.0))
    await ValkeyOneTime(valkey).keep("ticket", "key:eve", 1000.0)
    places = Places(str(tmp_path / "archive"), str(tmp_path / "artifacts"))
    await back_up(valkey, places, tmp_path / "backup", 1_000.0)
    await valkey.flushall()
    await restore(valkey, places, tmp_path / "backup", WHY)
    return found


async def test_no_key_of_a_backup_lets_anybody_in(valkey: Redis, texts: dict[str, str]) -> None:
    door = Authenticator(ValkeyKeys(valkey))
    for text in texts.values():
        with pytest.raises(Unauthenticated):
            await door.authenticate(f"Bearer {text}")


async def test_no_session_ticket_or_account_of_a_backup_lets_anybody_in(valkey: Redis, texts: dict[str, str]) -> None:
    store = ValkeyKeys(valkey)
    assert await ValkeySessions(valkey).all() == {}
    assert await ValkeyOneTime(valkey).take("ticket") is None
    with pytest.raises(Unauthenticated):
        await Authenticator(store, accounts=store).of_account(EVE.id)


async def test_the_owner_resumes_the_keys_that_were_not_revoked(valkey: Redis, valkey_url: str, texts: dict[str, str]) -> None:
    await asyncio.to_thread(accounts.resume, valkey_url, texts["ann"].split("_")[1])
    door = Authenticator(ValkeyKeys(valkey))
    assert (await door.authenticate(f"Bearer {texts['ann']}")).id == "ann"
    with pytest.raises(Unauthenticated):
        await door.authenticate(f"Bearer {texts['eve']}")
