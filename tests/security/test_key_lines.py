"""Who holds one key tries to keep, multiply or widen what it opens: by rotating it, by racing, by waiting for a backup."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from hitl.access import KeysOver, RevokeKey
from hitl.identity import Principal, Role
from hitl.identity.accounts import Account
from hitl.identity.caps import AccountCaps
from hitl.identity.keys import KeyRecord, issue
from hitl.identity.sessions import SessionTerms
from hitl.machine import Envelope
from hitl.machine.shards import ACCESS
from serve_app.reconcilers.access_sweep import SweepAccess
from tests.identity.people import RealPeople


@pytest.fixture
async def people() -> AsyncIterator[RealPeople]:
    made = RealPeople(caps=AccountCaps(keys=3))
    await made.shards.start()
    await made.settle()
    yield made
    await made.http.aclose()
    await made.shards.stop()


def id_of(people: RealPeople, name: str) -> str:
    return people.keys[name].split("_")[1]


def slug(answer: httpx2.Response) -> str:
    return str(answer.json()["type"].rsplit(":", 1)[1])


async def rotated(people: RealPeople, of: str, key: str, by: str | None = None, grace_s: float = 3600.0) -> httpx2.Response:
    body = {"grace_s": grace_s}
    return await people.ask("POST", f"/v1/keys/{id_of(people, of)}/rotate", by or of, body, idempotency_key=key)


async def follow(people: RealPeople, of: str, to: str, grace_s: float = 3600.0) -> None:
    answer = await rotated(people, of, f"to {to}", grace_s=grace_s)
    assert answer.status_code == 201, answer.text
    people.keys[to] = answer.json()["key"]


async def is_in(people: RealPeople, name: str) -> bool:
    return (await people.ask("GET", "/v1/session", name)).status_code == 200


async def test_one_key_has_one_living_successor(people: RealPeople) -> None:
    await follow(people, "cleo", "next")
    answer = await rotated(people, "cleo", "another key")
    assert (answer.status_code, slug(answer)) == (409, "key-rotated")
    assert id_of(people, "next") in answer.json()["detail"]


async def test_two_rotations_at_once_make_one_successor(people: RealPeople) -> None:
    answers = await asyncio.gather(*(rotated(people, "cleo", f"k{n}") for n in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    assert len([record for record in await people.store.stored() if record.principal.id == "cleo"]) == 2


async def test_a_key_that_is_over_has_no_next_one(people: RealPeople) -> None:
    await follow(people, "cleo", "next", grace_s=0.0)
    assert (await rotated(people, "cleo", "again", by="root")).status_code in (404, 409)


@pytest.mark.parametrize("revoked", ["cleo", "second", "third"])
async def test_revoking_one_key_ends_its_predecessors_and_successors(people: RealPeople, revoked: str) -> None:
    await follow(people, "cleo", "second")
    await follow(people, "second", "third")
    answer = await people.ask("DELETE", f"/v1/keys/{id_of(people, revoked)}", "root", idempotency_key="d")
    assert len(answer.json()["revoked"]) == 3
    assert [await is_in(people, name) for name in ("cleo", "second", "third", "root")] == [False, False, False, True]


async def test_a_revocation_between_the_steps_of_a_rotation_leaves_no_key(people: RealPeople) -> None:
    put, old = people.store.put, id_of(people, "cleo")

    async def put_late(record: KeyRecord) -> None:
        if record.after == old:
            people.store.put = put  # type: ignore[method-assign]
            command = RevokeKey(old, "cleo", people.now, "root")
            await people.shards.submit(ACCESS, Envelope(command, "revoke", "f", "root", "r"))
            await people.store.remove(old)
        await put(record)

    people.store.put = put_late  # type: ignore[method-assign]
    assert (await rotated(people, "cleo", "r")).status_code == 409
    assert [record for record in await people.store.stored() if record.principal.id == "cleo"] == []


async def test_rotating_without_end_stops_at_the_cap_with_its_name(people: RealPeople) -> None:
    await follow(people, "cleo", "second")
    await follow(people, "second", "third")
    answer = await rotated(people, "third", "fourth")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert "3 living keys of one account" in answer.json()["detail"]
    await follow(people, "third", "fourth", grace_s=0.0)


async def test_an_admin_issues_no_more_than_the_cap(people: RealPeople) -> None:
    sent = [people.ask("POST", "/v1/accounts/cleo/keys", "root", {}, idempotency_key=f"k{n}") for n in range(3)]
    assert [(await each).status_code for each in sent] == [201, 201, 429]


async def test_keys_and_sessions_that_are_over_leave_the_store(people: RealPeople) -> None:
    await follow(people, "cleo", "second", grace_s=1.0)
    await people.sign_in("ann")
    people.now += 50_000.0
    await SweepAccess(people.shards, people.store, people.door.sessions, SessionTerms(), lambda: people.now).once()
    assert id_of(people, "cleo") not in [record.key_id for record in await people.store.stored()]
    assert await people.door.sessions.all() == {}


async def test_a_key_whose_revocation_was_cut_off_half_way_is_ended(people: RealPeople) -> None:
    command = RevokeKey(id_of(people, "cleo"), "cleo", people.now, "root")
    await people.shards.submit(ACCESS, Envelope(command, "revoke", "f", "root", "r"))
    assert await is_in(people, "cleo")
    await SweepAccess(people.shards, people.store, people.door.sessions, SessionTerms(), lambda: people.now).once()
    assert not await is_in(people, "cleo")
    assert (await people.shards.ask(ACCESS, KeysOver((id_of(people, "ann"),)))).key_ids == []


async def test_the_sessions_of_a_key_leave_with_it(people: RealPeople) -> None:
    await people.sign_in("cleo")
    await people.ask("DELETE", f"/v1/keys/{id_of(people, 'cleo')}", "root", idempotency_key="d")
    await SweepAccess(people.shards, people.store, people.door.sessions, SessionTerms(), lambda: people.now).once()
    assert await people.door.sessions.all() == {}


BOUNDED = Principal("bea", frozenset({Role.ADMIN}), tasks=frozenset({"digits"}))
BEYOND: list[tuple[str, str, Any, int]] = [
    ("PUT", "/v1/accounts/new", {"roles": ["operator"]}, 403),
    ("PUT", "/v1/accounts/bea", {"roles": ["admin"]}, 403),
    ("PUT", "/v1/accounts/olga", {"roles": ["client"], "tasks": ["digits"]}, 404),
    ("POST", "/v1/accounts/olga/keys", {}, 404),
    ("POST", "/v1/keys/{olga}/rotate", {}, 404),
    ("DELETE", "/v1/keys/{olga}", None, 404),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), BEYOND)
async def test_an_admin_of_one_task_reaches_nothing_beyond_it(
    people: RealPeople, method: str, path: str, body: Any, status: int
) -> None:
    people.keys["bea"], record = issue(BOUNDED, people.now, os.urandom)
    await people.store.put(record)
    before = await people.state()
    answer = await people.ask(method, path.replace("{olga}", id_of(people, "olga")), "bea", body, idempotency_key="x")
    assert (answer.status_code, await people.state()) == (status, before)
    assert (await people.ask("GET", "/v1/accounts/olga/keys", "bea")).json() == {"keys": []}


async def test_a_held_key_or_account_lets_nobody_in_until_it_is_resumed(people: RealPeople) -> None:
    record = next(each for each in await people.store.stored() if each.principal.id == "cleo")
    await people.store.put(replace(record, is_held=True))
    assert not await is_in(people, "cleo")
    await people.store.put_account(Account("ann", frozenset({Role.REVIEWER}), is_held=True))
    assert not await is_in(people, "ann")
    await people.store.put(record)
    await people.ask("PUT", "/v1/accounts/ann", "root", {"roles": ["reviewer"]}, idempotency_key="a")
    assert [await is_in(people, name) for name in ("cleo", "ann")] == [True, True]
