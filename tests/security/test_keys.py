"""A small key of an account renews and ends itself, and gets no right and no greater key that way."""

import os
from collections.abc import AsyncIterator

import pytest

from hitl.identity import Principal, Role
from hitl.identity.keys import issue
from tests.identity.people import RealPeople

GREAT = Principal("dual", frozenset({Role.OPERATOR}))
SMALL = Principal("dual", frozenset({Role.CLIENT}), tasks=frozenset({"digits"}))
BOTH = Principal("dual", frozenset({Role.CLIENT, Role.OPERATOR}))


@pytest.fixture
async def people() -> AsyncIterator[RealPeople]:
    """One account without a record, with a key for each of three sets of rights."""
    made = RealPeople()
    await made.shards.start()
    await made.settle()
    for name, principal in (("great", GREAT), ("small", SMALL), ("both", BOTH)):
        made.keys[name], record = issue(principal, made.now, os.urandom)
        await made.store.put(record)
    yield made
    await made.http.aclose()
    await made.shards.stop()


def id_of(people: RealPeople, name: str) -> str:
    return people.keys[name].split("_")[1]


async def test_a_rotated_key_has_the_rights_of_the_old_one_and_no_other(people: RealPeople) -> None:
    fresh = await people.ask("POST", f"/v1/keys/{id_of(people, 'small')}/rotate", "small", {"grace_s": 0.0}, idempotency_key="r")
    people.keys["fresh"] = fresh.json()["key"]
    who = (await people.ask("GET", "/v1/session", "fresh")).json()
    assert (who["account"], who["roles"], who["tasks"]) == ("dual", ["client"], ["digits"])
    assert (await people.ask("GET", "/v1/journal", "fresh")).status_code == 403


@pytest.mark.parametrize(("by", "of"), [("small", "great"), ("small", "both"), ("great", "both"), ("great", "small")])
async def test_a_key_neither_renews_nor_ends_one_with_other_rights(people: RealPeople, by: str, of: str) -> None:
    path = f"/v1/keys/{id_of(people, of)}"
    assert (await people.ask("POST", f"{path}/rotate", by, {"grace_s": 0.0}, idempotency_key="r")).status_code == 404
    assert (await people.ask("DELETE", path, by, idempotency_key="d")).status_code == 404
    assert (await people.ask("GET", "/v1/session", of)).status_code == 200


@pytest.mark.parametrize(("by", "of"), [("both", "small"), ("both", "great"), ("root", "great"), ("small", "small")])
async def test_a_key_ends_one_whose_rights_it_holds(people: RealPeople, by: str, of: str) -> None:
    assert (await people.ask("DELETE", f"/v1/keys/{id_of(people, of)}", by, idempotency_key="d")).status_code == 200
    assert (await people.ask("GET", "/v1/session", of)).status_code == 401


async def test_an_admin_of_one_task_neither_sees_nor_ends_the_sessions_of_others(people: RealPeople) -> None:
    bounded = Principal("small-root", frozenset({Role.ADMIN}), tasks=frozenset({"digits"}))
    people.keys["small-root"], record = issue(bounded, people.now, os.urandom)
    await people.store.put(record)
    name = (await people.ask("POST", "/v1/session", "root", idempotency_key="s")).json()["session"]
    assert (await people.ask("GET", "/v1/sessions", "small-root")).json()["sessions"] == []
    assert (await people.ask("DELETE", f"/v1/sessions/{name}", "small-root")).status_code == 404
    assert (await people.ask("DELETE", f"/v1/sessions/{name}", "root")).status_code == 200
