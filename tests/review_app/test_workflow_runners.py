"""Workers and orchestrators over HTTP: each stage once, failures where people see them."""

from typing import Any

import httpx2
import pytest

from hitl.client import AsyncClient
from hitl.client.runner import CaseOrchestrator, run_workflow
from serve_app.api.app import review_app
from tests.review_app.conftest import World

METRICS = {"metrics": {"accuracy": 0.9, "precision": 0.9}}


def client(world: World, who: str) -> AsyncClient:
    return AsyncClient("http://hitl", who, transport=httpx2.ASGITransport(review_app(world.ports)))


async def workflow(world: World, *kinds: str) -> str:
    body = {"name": "digits", "stages": [{"type": kind} for kind in kinds]}
    made = await world.call("POST", "/v1/workflows", "trainer", body, idempotency_key="make")
    name: str = made.json()["workflow_id"]
    await world.call("POST", f"/v1/workflows/{name}/execute", "trainer", idempotency_key="run")
    return name


async def approve(world: World, name: str) -> None:
    asked = (await world.call("GET", f"/v1/workflows/{name}", "trainer")).json()["interaction_id"]
    body = {"user_input": {"decision": "approve"}}
    await world.call("POST", f"/v1/interactions/{asked}/answer", "approver", body, idempotency_key=asked)


@pytest.mark.covers("000-50", "000-49")
async def test_a_runner_does_each_of_five_stages_once_over_two_approvals(world: World) -> None:
    ran: list[str] = []

    async def work(taken: dict[str, Any]) -> dict[str, Any]:
        ran.append(taken["type"])
        return METRICS

    kinds = ("data_prep", "training", "validation", "deployment", "monitoring")
    name, trainer = await workflow(world, *kinds), client(world, "trainer")
    for _ in range(2):
        assert (await run_workflow(trainer, name, dict.fromkeys(kinds, work)))["status"] == "waiting_approval"
        await approve(world, name)
    assert (await run_workflow(trainer, name, dict.fromkeys(kinds, work)))["status"] == "completed"
    assert ran == list(kinds)


@pytest.mark.covers("000-51", "000-52")
async def test_what_a_stage_raises_fails_the_workflow_and_asks_a_person(world: World) -> None:
    async def fail(taken: dict[str, Any]) -> dict[str, Any]:
        raise RuntimeError("bad schema")

    found = await run_workflow(client(world, "trainer"), await workflow(world, "training"), {"training": fail})
    assert (found["status"], found["error"]) == ("failed", "RuntimeError: bad schema")
    asked = (await world.call("GET", "/v1/interactions/pending", "operator")).json()["interactions"]
    assert [each["interaction_id"] for each in asked] == [found["interaction_id"]]


@pytest.mark.covers("003-70", "003-71", "003-75", "003-76", "003-78")
async def test_an_orchestrator_takes_a_case_through_its_model_to_people(world: World) -> None:
    async def unsure(request_data: dict[str, Any]) -> dict[str, Any]:
        return {"prediction": "approve", "confidence": request_data["confidence"]}

    cases = CaseOrchestrator(client(world, "client"), unsure)
    name = await cases.start_workflow("decision", {"confidence": 0.7})
    told = await CaseOrchestrator(client(world, "reviewer"), unsure).process_human_decision(name, {"decision": "reject"})
    assert told == {"workflow_id": name, "status": "completed", "decision_processed": True}
    assert (await cases.get_workflow_status(name))["decision_status"] == "rejected"
    failed = await cases.resume(await cases.start_workflow("decision", {}))
    assert (failed["current_state"], failed["error"]) == ("failed", "KeyError: 'confidence'")
