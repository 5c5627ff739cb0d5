"""Work can only be handed to who exists and can take it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from hitl.identity import Role
from hitl.identity.accounts import Account
from hitl.identity.memory import MemoryKeys
from tests.review_app.conftest import PEOPLE, World

ACCOUNTS = [
    *(Account(name, frozenset({role})) for name, role in PEOPLE.items()),
    Account("elsewhere", frozenset({Role.REVIEWER}), frozenset({"other"})),
    Account("gone", frozenset({Role.REVIEWER}), is_disabled=True),
    Account("restored", frozenset({Role.REVIEWER}), is_held=True),
    Account("hearty", frozenset({Role.REVIEWER}), skills=frozenset({"hearts"})),
]


@pytest.fixture
async def staffed() -> AsyncIterator[World]:
    world, store = World(), MemoryKeys()
    for account in ACCOUNTS:
        await store.put_account(account)
    world.ports = replace(world.ports, accounts=store)
    world.serve()
    await world.shards.start()
    yield world
    await world.http.aclose()
    await world.shards.stop()


NOBODY = [
    *("person:nobody-x", "person:Reviewer-2", "person:client", "person:elsewhere", "person:gone", "person:restored"),
    *("role:Reviewer", "role:client", "role:trainer", "role:nosuch", "skill:nosuch", "skill:Hearts"),
]
SOMEBODY = ["person:reviewer-2", "person:expert", "role:expert", "role:reviewer", "skill:hearts"]


@pytest.mark.parametrize("to", NOBODY)
async def test_a_review_for_nobody_is_refused_and_stays_where_it_is(staffed: World, to: str) -> None:
    await staffed.case("a")
    review = await staffed.claim()
    path, lease = f"/v1/reviews/{review['review_id']}", review["lease"]["id"]
    refused = await staffed.call("POST", f"{path}/delegate", "reviewer", {"lease": lease, "to": to}, idempotency_key="d")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/to")
    assert (await staffed.call("POST", f"{path}/assign", "operator", {"to": to}, idempotency_key="e")).status_code == 422
    assert (await staffed.decide(review)).status_code == 200


@pytest.mark.parametrize("to", SOMEBODY)
async def test_a_review_for_who_can_take_it_is_handed_on(staffed: World, to: str) -> None:
    await staffed.case("a")
    review = await staffed.claim()
    body = {"lease": review["lease"]["id"], "to": to}
    path = f"/v1/reviews/{review['review_id']}/delegate"
    assert (await staffed.call("POST", path, "reviewer", body, idempotency_key="d")).status_code == 200


@pytest.mark.parametrize("name", ["nobody-x", "Reviewer", "gone"])
@pytest.mark.parametrize(
    ("pattern", "config", "key"),
    [
        ("collaborative_decision", {}, "stakeholders"),
        ("multi_approval", {}, "approvers"),
        ("pause_for_input", {}, "assignees"),
    ],
)
async def test_a_step_for_nobody_is_refused_with_their_place(
    staffed: World, pattern: str, config: dict[str, Any], key: str, name: str
) -> None:
    body = {"pattern": pattern, "config": {**config, key: ["reviewer", name]}}
    answer = await staffed.call("POST", "/v1/interactions", "client", body, idempotency_key="a")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/config/{key}/1")
    body["config"] = {**config, key: ["reviewer", "expert"]}
    assert (await staffed.call("POST", "/v1/interactions", "client", body, idempotency_key="b")).status_code == 201


async def test_a_workflow_with_an_approver_whom_nobody_knows_is_refused(staffed: World) -> None:
    stages = [{"type": "approval", "name": "go"}]
    body = {"name": "w", "stages": stages, "approvers": ["approver", "nobody-x"]}
    answer = await staffed.call("POST", "/v1/workflows", "trainer", body, idempotency_key="a")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/approvers/1")
