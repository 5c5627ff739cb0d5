"""Sensitive values of a request: sealed before the journal, masked in every answer, revealed on the record, erased for ever."""

import json
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from hitl.approval import ApprovalKind, ApprovalMachine, ApprovalRules
from hitl.approval.shown import shown_digest
from hitl.canonical import canonical, digest_of
from hitl.errors import Recovering
from serve_app.reconcilers.erasures import EraseKeys
from tests.fakes.stranger import journal_folds
from tests.review_app.conftest import World

SECRET, NAME = "83125 euros", "Ada Lovelace"
RAISE: dict[str, Any] = {
    "kind": "ai_decision",
    "title": "Raise the salary?",
    "context": {"salary": {"now": SECRET}, "grade": 7},
    "metadata": {"person": NAME, "department": "research"},
    "sensitive": ["salary", "person"],
    "policy": {"approvers": ["approver"], "rule": "all"},
}
ONE = "/v1/approvals/ai_decision-1"
WHY = {"reason": "to judge the raise"}


async def ask(world: World, key: str = "a", **overrides: Any) -> httpx2.Response:
    return await world.call("POST", "/v1/approvals", "client", RAISE | overrides, idempotency_key=key)


async def reveal(world: World, who: str | None = "approver", key: str = "r") -> httpx2.Response:
    return await world.call("POST", f"{ONE}/reveal", who, WHY, idempotency_key=key)


async def entries(world: World, shard: str) -> list[bytes]:
    return [entry.body for entry in await world.shards.journals[shard].read(0, 1000)]


@pytest.mark.covers("000-76")
async def test_no_entry_of_the_journal_holds_a_value_or_a_plain_digest_of_it(world: World) -> None:
    await ask(world)
    written = b"".join(await entries(world, "approval"))
    assert [part in written for part in (b"83125", b"Lovelace")] == [False, False]
    for value in (SECRET, NAME, {"now": SECRET}):
        assert digest_of(canonical(value)).encode() not in written


async def test_every_answer_shows_the_mask_and_what_is_not_sensitive(world: World) -> None:
    await ask(world)
    found = (await world.call("GET", ONE, "approver")).json()["approval"]
    assert (found["context"], found["metadata"]) == (
        {"salary": "***", "grade": 7},
        {"person": "***", "department": "research"},
    )
    for path in (ONE, "/v1/approvals", f"{ONE}/audit?include_metadata=true", "/v1/journal/approval/state"):
        answer = await world.call("GET", path, "operator")
        assert (answer.status_code, "83125" in answer.text, "Lovelace" in answer.text) == (200, False, False)


@pytest.mark.covers("000-76")
async def test_who_may_vote_is_shown_the_values_after_the_history_says_so(world: World) -> None:
    await ask(world)
    answer = (await reveal(world)).json()
    assert (answer["context"], answer["metadata"]) == (RAISE["context"], RAISE["metadata"])
    told = (await world.call("GET", f"{ONE}/reveals", "operator")).json()["reveals"]
    assert [(each["by"], each["reason"]) for each in told] == [("approver", "to judge the raise")]
    world.shards.away.add("access")
    assert (await reveal(world, key="again")).status_code == 503


async def test_a_voter_can_check_that_the_vote_is_bound_to_the_revealed_values(world: World) -> None:
    await ask(world)
    found = (await world.call("GET", ONE, "approver")).json()["approval"]
    clear = (await reveal(world)).json()
    salted = clear["salts"]["/metadata/person"].encode() + canonical(clear["metadata"]["person"])
    assert found["sealed"]["/metadata/person"] == digest_of(salted)
    assert found["digest"] == shown_digest(found) != shown_digest({**found, "sealed": {}})


@pytest.mark.parametrize(
    ("who", "status"), [("client", 403), ("reviewer", 403), ("trainer", 403), ("approver-2", 403), ("operator", 200), (None, 401)]
)
async def test_nobody_else_is_shown_them_but_operators(world: World, who: str | None, status: int) -> None:
    await ask(world)
    before = await world.state()
    answer = await reveal(world, who)
    assert (answer.status_code, SECRET in answer.text) == (status, status == 200)
    assert (await world.state() == before) == (status != 200)


async def test_an_approval_of_another_task_does_not_exist(world: World) -> None:
    await ask(world, task="digits")
    answers = [
        await world.call("POST", "/v1/approvals/digits-1/reveal", who, WHY, idempotency_key="r")
        for who in ("stranger", "operator-of-digits")
    ]
    assert [answer.status_code for answer in answers] == [404, 200]


async def test_a_decided_request_is_shown_to_its_voters_no_more(world: World) -> None:
    await ask(world)
    digest = (await world.call("GET", ONE, "approver")).json()["approval"]["digest"]
    await world.call("POST", f"{ONE}/votes", "approver", {"vote": "approve", "digest": digest}, idempotency_key="v")
    assert ((await reveal(world)).status_code, (await reveal(world, "operator")).status_code) == (403, 200)


async def test_a_repetition_is_recognised_and_another_value_is_not_the_same_request(world: World) -> None:
    first, state = await ask(world), await world.state()
    again, other = await ask(world), await ask(world, metadata={"person": "Bob", "department": "research"})
    assert (again.status_code, again.json(), other.status_code) == (201, first.json(), 422)
    assert await world.state() == state


async def test_the_same_request_under_its_own_name_is_the_same_approval(world: World) -> None:
    first, again = await ask(world, id="raise.ada"), await ask(world, "b", id="raise.ada")
    other = await ask(world, "c", id="raise.ada", context={"salary": 1, "grade": 7})
    assert (again.json()["approval_id"], again.json()["digest"]) == ("raise.ada", first.json()["digest"])
    assert other.json()["type"].endswith("approval-closed")


async def test_a_reveal_is_noted_as_often_as_it_is_shown(world: World) -> None:
    await ask(world)
    assert (await reveal(world)).json() == (await reveal(world)).json()
    assert len((await world.call("GET", f"{ONE}/reveals", "operator")).json()["reveals"]) == 2


@pytest.mark.covers("000-76")
async def test_erased_values_are_gone_for_everybody(world: World) -> None:
    await ask(world)
    erased = await world.call("POST", f"{ONE}/erase", "operator", WHY, idempotency_key="e")
    assert erased.json() == {"approval_id": "ai_decision-1", "is_erased": True}
    answers = [await reveal(world), await reveal(world, "operator"), await ask(world)]
    assert [answer.status_code for answer in answers] == [410, 410, 410]
    assert (await world.call("GET", ONE, "approver")).json()["approval"]["context"]["salary"] == "***"


async def test_the_keeper_finishes_an_erasure(world: World) -> None:
    await ask(world)
    store = world.ports.approval_vault.store
    kept = dict(store.kept)  # type: ignore[attr-defined]
    await world.call("POST", f"{ONE}/erase", "operator", WHY, idempotency_key="e")
    for seal, wrapped in kept.items():
        await store.keep(seal, wrapped)  # as if the crash had come before
    keeper = EraseKeys(world.shards, world.intakes, store)
    world.shards.away.add("access")
    with pytest.raises(Recovering):
        await keeper.once()
    world.shards.away.clear()
    await keeper.once()
    assert store.kept == {}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("change", "place"),
    [({"sensitive": ["salery"]}, "/sensitive"), ({"context": {"riskLevel": "low"}, "sensitive": ["riskLevel"]}, "/sensitive")],
)
async def test_what_cannot_be_sealed_is_refused(world: World, change: dict[str, Any], place: str) -> None:
    answer = await ask(world, **change)
    assert (answer.status_code, place in answer.text) == (422, True)


async def test_a_kind_can_always_seal_a_key(world: World) -> None:
    rules = ApprovalRules.model_validate({"kinds": {ApprovalKind.AI_DECISION: {"sensitive": ["person", "iban"]}}})
    world.shards.shards["approval"]._machine = ApprovalMachine(rules)
    await ask(world, sensitive=[])
    found = (await world.call("GET", ONE, "operator")).json()["approval"]
    assert (found["metadata"]["person"], found["context"]) == ("***", RAISE["context"])


def test_the_key_that_says_who_is_asked_cannot_be_sealed_by_configuration() -> None:
    with pytest.raises(ValueError, match="riskLevel"):
        ApprovalRules.model_validate({"kinds": {ApprovalKind.CUSTOM: {"sensitive": ["riskLevel"]}}})


async def test_without_a_master_key_nothing_is_taken_in_the_clear(world: World) -> None:
    world.ports = replace(world.ports, masters=None)
    world.serve()
    assert (await ask(world)).status_code == 422
    assert await entries(world, "approval") == []


async def test_what_is_checked_and_run_is_shown_while_the_rest_is_sealed(world: World) -> None:
    context = {"code": "password = read()\n", "language": "python", "customer": NAME}
    change: dict[str, Any] = {
        "kind": "code_execution",
        "context": context,
        "metadata": {},
        "sensitive": ["customer"],
        "policy": {},
    }
    assert (await ask(world, **change)).status_code == 201
    found = (await world.call("GET", "/v1/approvals/code_execution-1", "approver")).json()["approval"]
    assert found["context"] == {**context, "customer": "***"}
    assert b"Lovelace" not in b"".join(await entries(world, "approval"))


async def test_what_is_not_sealed_has_nothing_to_reveal(world: World) -> None:
    await ask(world, sensitive=[])
    answer = await reveal(world)
    assert (answer.status_code, answer.json()["type"].rsplit(":", 1)[1]) == (409, "not-sealed")


async def test_another_program_folds_the_same_state(world: World) -> None:
    await ask(world)
    commits = [json.loads(body) for body in await entries(world, "approval")]
    live = json.loads(canonical(await world.shards.shards["approval"].plain()))
    assert journal_folds.fold_approvals(commits) == live["state"]
