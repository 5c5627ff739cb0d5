"""A new master key under a running service."""

import os
import time
from pathlib import Path

import pytest
from redis import Redis

from hitl.adapters.files.master_keys import FileKeyring
from hitl.adapters.valkey import names
from hitl.cli.commands import accounts, master_key
from hitl.errors import SealBroken
from hitl.identity import Role
from hitl.identity.accounts import Account
from hitl.sealing import Keyring, parse_masters


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "master_key"
    path.write_text(os.urandom(32).hex())
    return path


@pytest.mark.covers("000-76")
def test_a_rotation_wraps_every_key_anew_and_the_old_master_opens_none(valkey_url: str, file: Path) -> None:
    old, data_keys = Keyring(parse_masters(file.read_text(), "")), {f"case-{i}": os.urandom(32) for i in range(20)}
    with Redis.from_url(valkey_url) as store:
        for case_id, key in data_keys.items():
            store.hset(names.wrapped_keys(len(case_id) % 2), case_id, old.wrap(key, case_id, os.urandom))
        running = FileKeyring(file)
        assert master_key.rotate_file(valkey_url, file, str(file.parent / "archive"), lambda _: None) == 20
        stored = {**store.hgetall(names.wrapped_keys(0)), **store.hgetall(names.wrapped_keys(1))}
    assert {each.decode(): running.unwrap(key, each.decode()) for each, key in stored.items()} == data_keys
    for case_id, wrapped in stored.items():
        with pytest.raises(SealBroken):
            old.unwrap(wrapped, case_id.decode())
    assert (len(parse_masters(file.read_text(), "")), file.stat().st_mode & 0o777) == (1, 0o600)


def test_a_case_that_was_sealed_meanwhile_is_wrapped_anew_too(valkey_url: str, file: Path) -> None:
    old = Keyring(parse_masters(file.read_text(), ""))

    def meanwhile(_: float) -> None:
        with Redis.from_url(valkey_url) as store:
            store.hset(names.wrapped_keys(0), "late", old.wrap(bytes(32), "late", os.urandom))

    assert master_key.rotate_file(valkey_url, file, str(file.parent / "archive"), meanwhile) == 1
    with Redis.from_url(valkey_url) as store:
        wrapped = store.hget(names.wrapped_keys(0), "late")
    assert isinstance(wrapped, bytes)
    assert FileKeyring(file).unwrap(wrapped, "late") == bytes(32)


def test_a_rotated_key_and_a_changed_account_on_the_command_line(valkey_url: str) -> None:
    text = accounts.issue_all(valkey_url, {"ann": [Role.REVIEWER]})["ann"]
    fresh = accounts.rotate(valkey_url, text.split("_")[1], 0.0)["ann"]
    accounts.put_account(valkey_url, Account("ann", frozenset({Role.EXPERT}), skills=frozenset({"latin"})))
    records = {record.key_id: record for record in accounts.list_keys(valkey_url)}
    old, new = (records[each.split("_")[1]] for each in (text, fresh))
    assert (old.is_valid(time.time()), new.is_valid(time.time())) == (False, True)
    assert (new.principal.roles, new.principal.skills) == ({Role.EXPERT}, {"latin"})
    accounts.put_account(valkey_url, Account("ann", frozenset(), is_disabled=True))
    assert (accounts.list_keys(valkey_url), [each.id for each in accounts.list_accounts(valkey_url)]) == ([], ["ann"])
