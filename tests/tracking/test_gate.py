"""The way to production leads through an approval of the service, for models and for agents."""

import asyncio
from typing import Any

import pytest

from hitl.adapters.service.gate import HttpGate
from hitl.client.calls import HttpCall
from hitl.tracking.types import Promotion, PromotionRequest
from tests.review_app.conftest import World, world

__all__ = ["world"]
DIGEST = "a" * 64


class InLoop:
    """The blocking client's ``send`` from another thread, as an account of the test's application."""

    def __init__(self, world: World, who: str) -> None:
        self._world, self._who, self._loop = world, who, asyncio.get_running_loop()

    def send(self, call: HttpCall) -> dict[str, Any]:
        headers = {"idempotency_key": call.key} if call.key else {}
        asked = self._world.call(call.method, call.path, self._who, call.body, **headers)
        answer = asyncio.run_coroutine_threadsafe(asked, self._loop).result(20)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found


def _request(kind: str = "agent_deployment", name: str = "explainer-agent") -> PromotionRequest:
    return PromotionRequest(kind, name, "2", DIGEST, f"Version 2 of {name} to production", {"metrics": {"accuracy": 0.9}})


async def _ask(world: World, request: PromotionRequest) -> Promotion:
    return await asyncio.to_thread(HttpGate(InLoop(world, "trainer")), request)


async def _vote(world: World, approval_id: str, vote: str) -> None:
    for who in ("approver", "approver-2"):
        found = (await world.call("GET", f"/v1/approvals/{approval_id}", who)).json()["approval"]
        if found["status"] == "pending":
            body = {"vote": vote, "digest": found["digest"], "comment": "looked at it"}
            answer = await world.call("POST", f"/v1/approvals/{approval_id}/votes", who, body, idempotency_key=f"{who}-1")
            assert answer.is_success, answer.text


@pytest.mark.covers("002-36", "000-36")
@pytest.mark.parametrize(("vote", "status"), [("approve", "deployed"), ("reject", "rejected")])
async def test_an_agents_version_is_in_force_once_people_have_approved_it(world: World, vote: str, status: str) -> None:
    asked = await _ask(world, _request())
    assert asked.status == "pending"
    await _vote(world, asked.approval_id, vote)
    assert await _ask(world, _request()) == Promotion(asked.approval_id, status)


@pytest.mark.covers("D33")
async def test_a_tasks_model_waits_for_the_service_to_deploy_its_bytes(world: World) -> None:
    asked = await _ask(world, _request("model_deployment", "hitl-digits-model"))
    await _vote(world, asked.approval_id, "approve")
    assert (await _ask(world, _request("model_deployment", "hitl-digits-model"))).status == "approved"
    shown = (await world.call("GET", f"/v1/approvals/{asked.approval_id}", "approver")).json()["approval"]
    assert (shown["kind"], shown["task"], shown["digest"]) == ("model_deployment", "digits", DIGEST)


async def test_a_request_that_was_withdrawn_is_asked_anew(world: World) -> None:
    first = await _ask(world, _request())
    answer = await world.call(
        "POST", f"/v1/approvals/{first.approval_id}/cancel", "trainer", {"reason": "not now"}, idempotency_key="c"
    )
    assert answer.is_success, answer.text
    again = await _ask(world, _request())
    assert (again.status, again.approval_id == first.approval_id) == ("pending", False)
