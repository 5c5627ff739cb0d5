"""Interactions with ids of their caller's choice: nobody takes another's name, part or answer by one."""

import uuid
from typing import Any

import httpx2
import pytest

from tests.review_app.conftest import World, world

__all__ = ["world"]

ASK = {"pattern": "pause_for_input", "config": {"prompt": "Pay?"}, "data": {"amount": 5}}


async def ask(world: World, who: str, name: str, key: str | None = None, **changes: Any) -> httpx2.Response:
    return await world.call(
        "POST", "/v1/interactions", who, {"id": name, **ASK, **changes}, idempotency_key=key or uuid.uuid4().hex
    )


async def test_the_same_question_under_one_id_is_one_interaction_when_its_key_is_forgotten(world: World) -> None:
    assert [(await ask(world, "client", "order.7")).status_code for _ in "ab"] == [201, 201]
    assert len((await world.call("GET", "/v1/interactions", "client")).json()["interactions"]) == 1


@pytest.mark.parametrize(
    "change",
    [{"data": {"amount": 5_000}}, {"config": {"prompt": "Pay all?"}}, {"step_name": "other"}, {"pattern": "review_and_approve"}],
)
async def test_another_question_under_the_id_is_refused_and_changes_nothing(world: World, change: dict[str, Any]) -> None:
    await ask(world, "client", "order.7")
    before = await world.state()
    config = {} if "pattern" in change else ASK["config"]
    assert (await ask(world, "client", "order.7", **{"config": config, **change})).status_code == 409
    assert await world.state() == before


async def test_a_squatter_gets_no_answer_and_gives_none(world: World) -> None:
    """Who takes the name first stops the other, who is told; neither sees the other's question."""
    await ask(world, "client-2", "order.7")
    assert (await ask(world, "client", "order.7")).status_code == 409
    assert (await world.call("GET", "/v1/interactions/order.7", "client")).status_code == 404


@pytest.mark.parametrize("name", [f"{uuid.UUID(int=7)}_ann", "a_b", "-", "../x", "a b", "a/b", "x" * 300, ""])
async def test_no_id_looks_like_the_part_of_an_approver_or_like_a_path(world: World, name: str) -> None:
    assert (await ask(world, "client", name)).status_code == 422


async def test_a_call_of_the_sdk_is_no_way_round_the_limits_of_approvals(world: World) -> None:
    """The routes of other clients refuse what the native ones refuse."""
    call = {"run_id": "r", "call_id": "c", "spec": {"fn": "f", "kwargs": {}, "reject_options": [{"name": "approve"}]}}
    for body in (call, call | {"call_id": "a b"}, call | {"spec": {"fn": "", "kwargs": {}}}, call | {"more": 1}):
        assert (await world.call("POST", "/humanlayer/v1/function_calls", "client", body)).status_code == 422
    assert (await world.call("POST", "/humanlayer/v1/function_calls", "approver", call)).status_code == 403
