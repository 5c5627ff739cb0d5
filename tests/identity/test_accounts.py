"""Accounts and keys over HTTP: an admin's alone, on the record, and in force within two seconds."""

from typing import Any

import pytest

from tests.identity.people import RealPeople

BOB = {"roles": ["reviewer", "expert"], "tasks": ["digits"], "queues": ["digits"], "skills": ["latin"]}


async def bob_with_key(people: RealPeople) -> dict[str, Any]:
    assert (await people.ask("PUT", "/v1/accounts/bob", "root", BOB, idempotency_key="a")).status_code == 200
    answer = await people.ask("POST", "/v1/accounts/bob/keys", "root", {}, idempotency_key="k")
    assert answer.status_code == 201, answer.text
    people.keys["bob"] = answer.json()["key"]
    made: dict[str, Any] = answer.json()
    return made


@pytest.mark.covers("000-76")
async def test_a_new_account_gets_a_key_and_is_what_the_admin_said(people: RealPeople) -> None:
    made = await bob_with_key(people)
    who = (await people.ask("GET", "/v1/session", "bob")).json()
    assert who == {"account": "bob", **BOB, "roles": ["expert", "reviewer"]}
    listed = (await people.ask("GET", "/v1/accounts/bob/keys", "root")).json()["keys"]
    assert [key["key_id"] for key in listed] == [made["key_id"]]
    assert "secret" not in str(listed)


async def test_the_same_request_never_makes_or_shows_a_second_key(people: RealPeople) -> None:
    await bob_with_key(people)
    again = await people.ask("POST", "/v1/accounts/bob/keys", "root", {}, idempotency_key="k")
    assert (again.status_code, again.json()["type"].rsplit(":", 1)[1]) == (409, "key-shown")


async def test_rights_that_are_taken_away_are_gone_for_keys_that_exist(people: RealPeople) -> None:
    await bob_with_key(people)
    assert (await people.ask("GET", "/v1/queues", "bob")).status_code == 200
    await people.ask("PUT", "/v1/accounts/bob", "root", {"roles": ["client"]}, idempotency_key="b")
    assert (await people.ask("GET", "/v1/queues", "bob")).status_code == 403
    await people.ask("PUT", "/v1/accounts/bob", "root", {"roles": [], "is_disabled": True}, idempotency_key="c")
    assert (await people.ask("GET", "/v1/session", "bob")).status_code == 401


async def test_a_rotated_key_works_beside_the_new_one_for_its_grace(people: RealPeople) -> None:
    made = await bob_with_key(people)
    path = f"/v1/keys/{made['key_id']}/rotate"
    fresh = (await people.ask("POST", path, "bob", {"grace_s": 60.0}, idempotency_key="r")).json()["key"]
    assert (await people.ask("GET", "/v1/session", "bob")).status_code == 200
    people.now += 60
    assert (await people.ask("GET", "/v1/session", "bob")).status_code == 401
    people.keys["bob"] = fresh
    assert (await people.ask("GET", "/v1/session", "bob")).status_code == 200


async def test_a_revoked_key_and_one_that_is_too_old_are_worthless(people: RealPeople) -> None:
    made = await bob_with_key(people)
    assert (await people.ask("DELETE", f"/v1/keys/{made['key_id']}", "root", idempotency_key="d")).status_code == 200
    assert (await people.ask("GET", "/v1/session", "bob")).status_code == 401
    short = await people.ask("POST", "/v1/accounts/bob/keys", "root", {"ttl_s": 60.0}, idempotency_key="s")
    people.keys["bob"] = short.json()["key"]
    assert (await people.ask("GET", "/v1/session", "bob")).status_code == 200
    people.now += 60
    assert (await people.ask("GET", "/v1/session", "bob")).status_code == 401


REFUSED: list[tuple[str, str, str, Any, int]] = [
    ("ann", "GET", "/v1/accounts", None, 403),
    ("olga", "PUT", "/v1/accounts/olga", {"roles": ["admin"]}, 403),
    ("ann", "POST", "/v1/accounts/ann/keys", {}, 403),
    ("ann", "DELETE", "/v1/keys/000000000000", None, 404),
    ("root", "PUT", "/v1/accounts/root", {"roles": ["operator"]}, 403),
    ("root", "PUT", "/v1/accounts/root", {"roles": ["admin"], "is_disabled": True}, 403),
    ("root", "PUT", "/v1/accounts/bob", {"roles": ["emperor"]}, 422),
    ("root", "PUT", "/v1/accounts/bob", {"roles": ["client"], "id": "root"}, 422),
    ("root", "PUT", "/v1/accounts/b%20b", {"roles": ["client"]}, 400),
    ("root", "POST", "/v1/accounts/nobody/keys", {}, 404),
    ("root", "POST", "/v1/accounts/ann/keys", {"ttl_s": 0}, 422),
    ("root", "POST", "/v1/accounts/ann/keys", {"ttl_s": 5e-324}, 422),
    ("root", "POST", "/v1/accounts/ann/keys", {"ttl_s": 59.0}, 422),
]


@pytest.mark.parametrize(("who", "method", "path", "body", "status"), REFUSED)
async def test_a_refusal_changes_nothing(people: RealPeople, who: str, method: str, path: str, body: Any, status: int) -> None:
    before, keys = await people.state(), await people.store.all()
    answer = await people.ask(method, path, who, body, idempotency_key="x")
    assert answer.status_code == status, answer.text
    assert (await people.state(), await people.store.all(), await people.store.accounts()) == (before, keys, [])


async def test_another_owners_key_does_not_exist(people: RealPeople) -> None:
    made = await bob_with_key(people)
    answer = await people.ask("DELETE", f"/v1/keys/{made['key_id']}", "ann", idempotency_key="x")
    assert answer.status_code == 404


async def test_who_is_bound_to_one_queue_claims_from_no_other(people: RealPeople) -> None:
    await people.case("a")
    await bob_with_key(people)
    assert (await people.ask("POST", "/v1/queues/digits/claim", "bob", {})).status_code == 200
    assert (await people.ask("POST", "/v1/queues/digits.expert/claim", "bob", {})).status_code == 404


@pytest.mark.parametrize("name", ["ann+x@example.org", "auth0~7C5f@example", "Zoe@example.org"])
async def test_an_account_may_be_named_by_an_address_or_a_providers_subject(people: RealPeople, name: str) -> None:
    answer = await people.ask("PUT", f"/v1/accounts/{name}", "root", BOB, idempotency_key="a")
    assert (answer.status_code, answer.json()["account"]) == (200, name)


async def test_a_name_that_differs_by_case_alone_is_refused_with_the_other(people: RealPeople) -> None:
    assert (await people.ask("PUT", "/v1/accounts/ann@example.org", "root", BOB, idempotency_key="a")).status_code == 200
    other = await people.ask("PUT", "/v1/accounts/Ann@example.org", "root", BOB, idempotency_key="b")
    assert other.status_code == 422
    assert "'ann@example.org'" in other.json()["detail"]
    assert (await people.ask("PUT", "/v1/accounts/ann@example.org", "root", BOB, idempotency_key="c")).status_code == 200
