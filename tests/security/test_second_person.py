"""One admin tries to be two people: to make a voter, to become one, or to make the second admin who would confirm it."""

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from redis.asyncio import Redis

from hitl.adapters.valkey.identities import ValkeyKeys
from hitl.adapters.valkey.recoveries import ValkeyRecoveries
from hitl.cli.commands import accounts
from hitl.cli.commands.recovery import recover
from hitl.errors import Forbidden, InvalidInput, NotStarted
from hitl.identity import Principal, Role
from hitl.identity.accounts import Account
from hitl.identity.keys import issue
from hitl.identity.recoveries import Recovery
from hitl.machine.shards import ACCESS
from serve_app.reconcilers.recoveries import NoteRecoveries
from tests.identity.people import RealPeople

VOTER = {"roles": ["approver"]}


@pytest.fixture
async def people() -> AsyncIterator[RealPeople]:
    """With the approvers una and duo, made at the first start."""
    made = RealPeople()
    await made.shards.start()
    await made.settle()
    for name in ("una", "duo"):
        made.keys[name], record = issue(Principal(name, frozenset({Role.APPROVER})), made.now, os.urandom)
        await made.store.put(record)
    yield made
    await made.http.aclose()
    await made.shards.stop()


async def put(people: RealPeople, account: str, body: Any, key: str = "p", who: str = "root") -> httpx2.Response:
    return await people.ask("PUT", f"/v1/accounts/{account}", who, body, idempotency_key=key)


async def key_for(people: RealPeople, account: str, key: str = "k", who: str = "root") -> httpx2.Response:
    return await people.ask("POST", f"/v1/accounts/{account}/keys", who, {}, idempotency_key=key)


async def settle(people: RealPeople, grant: httpx2.Response, who: str, what: str = "confirm") -> httpx2.Response:
    return await people.ask("POST", f"/v1/grants/{grant.json()['grant_id']}/{what}", who, idempotency_key=f"{who} {what}")


async def roles_of(people: RealPeople, account: str) -> list[str]:
    found = (await people.ask("GET", "/v1/accounts", "root")).json()["accounts"]
    return next((each["roles"] for each in found if each["account"] == account), [])


STRONG: list[tuple[str, Any]] = [
    ("puppet", VOTER),
    ("puppet", {"roles": ["reviewer", "approver"], "tasks": ["digits"]}),
    ("puppet", {"roles": ["admin"]}),
    ("root", {"roles": ["admin", "approver"]}),
    ("cleo", VOTER),
]


@pytest.mark.parametrize(("account", "body"), STRONG)
async def test_one_admin_alone_makes_no_voter_and_no_admin(people: RealPeople, account: str, body: Any) -> None:
    before = await roles_of(people, account)
    answer = await put(people, account, body)
    assert (answer.status_code, answer.json()["status"]) == (202, "open")
    assert (await settle(people, answer, "root")).status_code == 403
    assert await roles_of(people, account) == before
    assert (await key_for(people, "puppet")).status_code in (404, 202)


async def test_one_admin_alone_gets_no_key_of_a_voter(people: RealPeople) -> None:
    una = people.keys["una"].split("_")[1]
    assert (await key_for(people, "una")).status_code == 202
    rotated = await people.ask("POST", f"/v1/keys/{una}/rotate", "root", {}, idempotency_key="r")
    assert rotated.status_code == 403
    assert len([record for record in await people.store.stored() if record.principal.id == "una"]) == 1


async def test_a_second_person_gives_the_role_and_then_the_key(people: RealPeople) -> None:
    grant = await put(people, "vera", VOTER)
    assert (await settle(people, grant, "una")).json()["status"] == "confirmed"
    assert await roles_of(people, "vera") == ["approver"]
    wish = await key_for(people, "vera")
    assert wish.status_code == 202
    await settle(people, wish, "duo")
    made = await key_for(people, "vera")
    assert made.status_code == 201
    people.keys["vera"] = made.json()["key"]
    assert (await people.ask("GET", "/v1/session", "vera")).json()["roles"] == ["approver"]
    assert (await key_for(people, "vera")).status_code == 409


async def test_a_key_that_an_admin_made_before_does_not_vote_once_its_account_does(people: RealPeople) -> None:
    """Who issued it has its text: they would vote in the name of whom the second person let in."""
    await put(people, "vera", {"roles": ["client"]})
    people.keys["old"] = (await key_for(people, "vera")).json()["key"]
    await settle(people, await put(people, "vera", {"roles": ["client", "approver"]}, "later"), "una")
    assert await roles_of(people, "vera") == ["approver", "client"]
    assert (await people.ask("GET", "/v1/session", "old")).json()["roles"] == ["client"]
    assert (await people.ask("GET", "/v1/approvals", "old")).status_code == 403
    await people.ask("POST", f"/v1/keys/{people.keys['old'].split('_')[1]}/rotate", "old", {}, idempotency_key="r")
    assert all(Role.APPROVER not in each.principal.roles for each in await people.store.all() if each.principal.id == "vera")


async def test_a_key_made_before_does_not_vote_for_who_signs_in_elsewhere_either(people: RealPeople) -> None:
    """The provider's groups say what the account may do at each sign-in; an admin's key of that account existed before."""
    await put(people, "ann@corp", {"roles": ["client"]})
    people.keys["old"] = (await key_for(people, "ann@corp")).json()["key"]
    await people.store.put_account(Account("ann@corp", frozenset({Role.APPROVER})))
    assert (await people.ask("GET", "/v1/session", "old")).json()["roles"] == []
    token, _ = await people.door.sign_in("ann@corp")
    assert (await people.door.by_cookie(token)).roles == {Role.APPROVER}


async def test_a_key_of_a_voter_who_is_shut_out_takes_a_second_person_too(people: RealPeople) -> None:
    """Or it would vote once they are let in again, which looks harmless."""
    await put(people, "una", {**VOTER, "is_disabled": True})
    assert (await key_for(people, "una")).status_code == 202


async def test_a_confirmed_key_is_for_the_account_as_it_was_confirmed_and_not_for_ever(people: RealPeople) -> None:
    await people.store.put_account(Account("una", frozenset({Role.APPROVER}), frozenset({"digits"})))
    wishes = [await key_for(people, "una", key) for key in ("soon", "late")]
    for wish in wishes:
        await settle(people, wish, "duo")
    await people.store.put_account(Account("una", frozenset({Role.APPROVER})))
    assert (await key_for(people, "una", "soon")).status_code == 409
    await people.store.put_account(Account("una", frozenset({Role.APPROVER}), frozenset({"digits"})))
    people.now += 7 * 86_400.0
    assert (await key_for(people, "una", "late")).status_code == 409


@pytest.mark.parametrize("who", ["cleo", "ann", "olga"])
async def test_who_neither_votes_nor_keeps_keys_confirms_nothing(people: RealPeople, who: str) -> None:
    grant = await put(people, "vera", VOTER)
    assert (await settle(people, grant, who)).status_code == 403
    assert await roles_of(people, "vera") == []


async def test_nobody_confirms_what_is_for_them(people: RealPeople) -> None:
    await people.store.put_account(Account("una", frozenset({Role.APPROVER}), tasks=frozenset({"digits"})))
    grant = await put(people, "una", VOTER)
    assert grant.status_code == 202
    assert (await settle(people, grant, "una")).status_code in (403, 404)
    assert (await settle(people, grant, "duo")).status_code == 200


async def test_a_refused_or_old_wish_gives_nothing(people: RealPeople) -> None:
    grant = await put(people, "vera", VOTER)
    await settle(people, grant, "una", "refuse")
    assert (await settle(people, grant, "duo")).status_code == 409
    assert (await put(people, "vera", VOTER)).status_code == 409
    late = await put(people, "vera", VOTER, "later")
    people.now += 7 * 86_400.0
    assert (await settle(people, late, "duo")).status_code == 409
    assert await roles_of(people, "vera") == []


async def test_a_used_confirmation_is_not_used_again(people: RealPeople) -> None:
    grant = await put(people, "cleo", VOTER)
    await settle(people, grant, "una")
    await put(people, "cleo", {"roles": ["client"]}, "demoted")
    answer = await put(people, "cleo", VOTER)
    assert (answer.status_code, answer.json()["status"]) == (200, "confirmed")
    assert await roles_of(people, "cleo") == ["client"]


async def test_a_confirmation_sent_again_after_a_demotion_gives_nothing_back(people: RealPeople) -> None:
    grant = await put(people, "cleo", VOTER)
    await settle(people, grant, "una")
    await put(people, "cleo", {"roles": ["client"]}, "demoted")
    assert (await settle(people, grant, "una")).json()["status"] == "confirmed"
    assert await roles_of(people, "cleo") == ["client"]


async def test_a_change_sent_again_after_another_gives_nothing_back(people: RealPeople) -> None:
    for key, role in (("first", "expert"), ("second", "client"), ("first", "expert")):
        assert (await put(people, "cleo", {"roles": [role]}, key)).status_code == 200
    assert await roles_of(people, "cleo") == ["client"]


async def test_a_wish_from_before_a_demotion_is_not_confirmed_after_it(people: RealPeople) -> None:
    grant = await put(people, "cleo", VOTER)
    await put(people, "cleo", {"roles": ["reviewer"]}, "changed")
    assert (await settle(people, grant, "una")).status_code == 409


async def test_taking_rights_away_needs_one_person(people: RealPeople) -> None:
    assert (await put(people, "una", {"roles": ["reviewer"]}, "a")).json()["roles"] == ["reviewer"]
    assert (await put(people, "duo", {**VOTER, "is_disabled": True}, "b")).status_code == 200
    assert (await put(people, "duo", VOTER, "c")).status_code == 202


async def test_one_person_has_so_many_open_wishes_and_no_more(people: RealPeople) -> None:
    said = [(await put(people, f"v{number}", VOTER, f"k{number}")).status_code for number in range(51)]
    assert said == [202] * 50 + [429]


def test_the_command_line_makes_no_voter_after_the_first_start(valkey_url: str) -> None:
    accounts.issue_first(valkey_url)
    for roles in ([Role.APPROVER], [Role.ADMIN], [Role.CLIENT, Role.APPROVER]):
        with pytest.raises(Forbidden):
            accounts.issue_one(valkey_url, "puppet", roles)
        with pytest.raises(Forbidden):
            accounts.set_account(valkey_url, Account("puppet", frozenset(roles)))
    with pytest.raises(Forbidden):
        accounts.issue_one(valkey_url, "approver-1", [Role.CLIENT])
    accounts.set_account(valkey_url, Account("approver-1", frozenset({Role.APPROVER}), skills=frozenset({"latin"})))
    assert "ann" in accounts.issue_one(valkey_url, "ann", [Role.REVIEWER])


async def test_a_recovered_second_person_is_on_the_record_first(people: RealPeople, valkey: Redis, valkey_url: str) -> None:
    wish = Recovery("ada", ("approver",), "owner", "both approvers left")
    waiting = ValkeyRecoveries(valkey)
    given = asyncio.create_task(asyncio.to_thread(recover, valkey_url, wish, 20.0))
    while not await waiting.waiting():  # noqa: ASYNC110 - the other thread writes it
        await asyncio.sleep(0.01)
    assert await ValkeyKeys(valkey).stored() == []
    await NoteRecoveries(people.shards, waiting).once()
    assert list(await given) == ["ada"]
    noted = (await people.shards.shards[ACCESS].plain())["state"]["recoveries"]
    assert [(each["account"], each["by"], each["reason"]) for each in noted] == [("ada", "owner", "both approvers left")]
    assert [account.roles for account in await ValkeyKeys(valkey).accounts()] == [{Role.APPROVER}]


async def test_a_recovery_without_a_reason_is_not_asked_for(valkey: Redis, valkey_url: str) -> None:
    with pytest.raises(InvalidInput):
        await asyncio.to_thread(recover, valkey_url, Recovery("ada", ("approver",), "owner", " "), 0.0)
    assert await ValkeyRecoveries(valkey).waiting() == {}


async def test_a_recovery_that_nobody_notes_gives_nothing(valkey: Redis, valkey_url: str) -> None:
    with pytest.raises(NotStarted):
        await asyncio.to_thread(recover, valkey_url, Recovery("ada", ("approver",), "owner", "why"), 0.0)
    assert (await ValkeyKeys(valkey).stored(), await ValkeyRecoveries(valkey).waiting()) == ([], {})
