"""Keys: shown once, kept as digests, revoked within two seconds."""

import os

import pytest

from hitl.errors import StoreUnavailable, Unauthenticated
from hitl.identity import Principal, Role
from hitl.identity.keys import KeyRecord, issue
from hitl.identity.memory import MemoryKeys
from serve_app.http.authentication import Authenticator

ADA = Principal("ada", frozenset({Role.CLIENT}), frozenset({"digits"}))
TEXT, RECORD = issue(ADA, 1.0, os.urandom)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_record_keeps_no_secret_and_survives_json() -> None:
    assert TEXT.split("_")[2] not in str(RECORD.plain())
    assert KeyRecord.from_plain(RECORD.plain()) == RECORD


async def test_a_valid_key_names_its_principal_with_any_spelling_of_the_scheme() -> None:
    authenticator = Authenticator(MemoryKeys(RECORD))
    assert await authenticator.authenticate(f"Bearer {TEXT}") == ADA
    assert await authenticator.authenticate(f"bearer {TEXT}") == ADA


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer x",
        f"Basic {TEXT}",
        f"Bearer {TEXT[:-1]}",
        f"Bearer {TEXT}0",
        f"Bearer {TEXT[:-1]}{'0' if TEXT[-1] != '0' else '1'}",
        f"Bearer {TEXT}_",
        "Bearer hitl__",
        "Bearer hitl_é_é",
        f"Bearer hitl_{RECORD.key_id}_{RECORD.secret_digest}",
    ],
    ids=[
        "none",
        "empty",
        "bare",
        "x",
        "basic",
        "cut",
        "longer",
        "last-character",
        "underscore",
        "no-parts",
        "not-ascii",
        "digest",
    ],
)
async def test_anything_but_the_whole_key_is_refused(header: str | None) -> None:
    with pytest.raises(Unauthenticated):
        await Authenticator(MemoryKeys(RECORD)).authenticate(header)


async def test_a_revoked_key_stops_within_two_seconds() -> None:
    keys, clock = MemoryKeys(RECORD), Clock()
    authenticator = Authenticator(keys, clock)
    await authenticator.authenticate(f"Bearer {TEXT}")
    await keys.remove(RECORD.key_id)
    clock.now += 2.01
    with pytest.raises(Unauthenticated):
        await authenticator.authenticate(f"Bearer {TEXT}")


async def test_a_new_key_works_at_once() -> None:
    keys, clock = MemoryKeys(), Clock()
    authenticator = Authenticator(keys, clock)
    with pytest.raises(Unauthenticated):
        await authenticator.authenticate(f"Bearer {TEXT}")
    await keys.put(RECORD)
    clock.now += 0.3
    assert await authenticator.authenticate(f"Bearer {TEXT}") == ADA


async def test_an_old_table_is_not_trusted_while_the_store_is_away() -> None:
    keys, clock = MemoryKeys(RECORD), Clock()
    authenticator = Authenticator(keys, clock)
    await authenticator.authenticate(f"Bearer {TEXT}")
    keys.is_away, clock.now = True, clock.now + 3
    with pytest.raises(StoreUnavailable):
        await authenticator.authenticate(f"Bearer {TEXT}")
