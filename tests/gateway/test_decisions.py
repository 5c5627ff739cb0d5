"""A case over HTTP: predicted, routed, stored, answered."""

import asyncio
import json
import uuid

import pytest

from hitl.routing.prediction import entropy
from serve_app.http.answers import answer, render
from tests.gateway.service import FIRST, NOW, Service

SURE, LIKELY, UNSURE, LOST = [0.97, 0.02, 0.01], [0.05, 0.9, 0.05], [0.2, 0.2, 0.6], [0.4, 0.3, 0.3]


@pytest.fixture
async def service() -> Service:
    service = Service()
    await service.deploy((FIRST, 1.0))
    return service


@pytest.mark.covers("D43")
async def test_an_automatic_outcome_is_the_predicted_label_and_never_an_approval(service: Service) -> None:
    reply = await service.decide(SURE)
    assert reply.status_code == 200
    assert reply.json()["status"] == "decided"
    assert reply.json()["outcome"] == {"label": "reject", "by": "model"}


@pytest.mark.covers("003-44", "003-65", "D49")
async def test_an_answer_carries_every_field_of_the_prediction_in_plain_json(service: Service) -> None:
    told = (await service.decide(UNSURE, **{"x-request-id": "r-7"})).json()
    assert told["request_id"] == "r-7"
    assert (told["prediction"], told["confidence_level"], told["features"]) == ("ask", "low", UNSURE)
    assert told["prediction_probs"] == pytest.approx(UNSURE)
    assert told["confidence"] == pytest.approx(0.6)
    assert told["uncertainty"] == pytest.approx(entropy(UNSURE))
    assert 0 <= told["processing_time"] < 5
    assert (told["model_version"], told["generation"]) == (FIRST, 1)
    assert told["policy_version"] == service.gateway._ports.policies["loans"].version


@pytest.mark.parametrize(
    ("features", "status", "action", "priority"),
    [
        (LIKELY, "pending_human", "review", "normal"),
        (UNSURE, "pending_human", "review", "high"),
        (LOST, "pending_expert", "expert", "urgent"),
    ],
)
async def test_a_case_that_needs_people_is_a_ticket(
    service: Service, features: list[float], status: str, action: str, priority: str
) -> None:
    reply = await service.decide(features)
    told = reply.json()
    assert (reply.status_code, reply.headers["location"]) == (202, f"/v1/decisions/{told['case_id']}")
    assert (told["status"], told["outcome"]) == (status, None)
    assert (told["route"]["action"], told["route"]["priority"]) == (action, priority)
    assert "confidence" in told["route"]["reason"]


async def test_without_a_model_every_case_goes_to_people() -> None:
    service = Service()
    told = (await service.decide(SURE)).json()
    assert (told["status"], told["prediction"], told["model_version"], told["generation"]) == ("pending_human", None, None, 0)


@pytest.mark.covers("D44", "003-41")
@pytest.mark.parametrize(
    ("thresholds", "features", "action"),
    [
        ((0.85, None), LIKELY, "automatic"),
        ((0.99, None), SURE, "review"),
        ((None, 0.7), UNSURE, "expert"),
        ((None, 0.3), LOST, "review"),
    ],
)
async def test_the_thresholds_of_the_environment_change_the_route(
    thresholds: tuple[float | None, float | None], features: list[float], action: str
) -> None:
    service = Service(thresholds)
    await service.deploy((FIRST, 1.0))
    assert (await service.decide(features)).json()["route"]["action"] == action


@pytest.mark.covers("003-43")
async def test_a_request_without_an_id_gets_a_uuid4(service: Service) -> None:
    reply = await service.decide(SURE)
    assert uuid.UUID(reply.headers["x-request-id"]).version == 4
    assert reply.json()["request_id"] == reply.headers["x-request-id"]


async def test_an_answered_case_is_stored_as_it_was_told(service: Service) -> None:
    reply = await service.decide(SURE)
    [kept] = service.stored()
    assert answer(kept.record, kept.payload) == json.loads(render(kept.record, kept.payload)) == reply.json()
    assert (kept.record.at, kept.record.client) == (NOW, "ada")


async def test_the_same_key_and_body_get_the_same_answer_and_one_case(service: Service) -> None:
    first, again = await service.decide(LIKELY), await service.decide(LIKELY)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert len(service.stored()) == 1


async def test_the_same_key_with_another_body_is_refused(service: Service) -> None:
    await service.decide(LIKELY)
    reply = await service.decide(SURE)
    assert (reply.status_code, reply.json()["type"]) == (422, "urn:ray-hitl:problem:idempotency-conflict")
    assert len(service.stored()) == 1


async def test_the_same_key_twice_in_one_micro_batch_is_one_case(service: Service) -> None:
    replies = await asyncio.gather(*(service.decide(SURE) for _ in range(5)), service.decide(LIKELY))
    assert [reply.status_code for reply in replies] == [200] * 5 + [422]
    assert len({reply.content for reply in replies[:5]}) == 1
    assert len(service.stored()) == 1


@pytest.mark.covers("D16", "003-40")
async def test_cases_that_arrive_together_share_one_model_call_and_one_append(service: Service) -> None:
    await service.decide(SURE, "warm")
    service.model.batches.clear()
    before = service.intakes[0].appends
    rows = [[0.97, 0.02, 0.01], [0.2, 0.2, 0.6]] * 20
    replies = await asyncio.gather(*(service.decide(row, f"k{i}") for i, row in enumerate(rows)))
    assert [reply.json()["features"] for reply in replies] == rows
    assert [reply.json()["uncertainty"] for reply in replies] == pytest.approx([entropy(row) for row in rows])
    assert sum(service.model.batches) == 40
    assert len(service.model.batches) == service.intakes[0].appends - before <= 3


async def test_cases_of_all_partitions_are_answered() -> None:
    service = Service(partitions=4)
    replies = await asyncio.gather(*(service.decide(SURE, f"k{i}") for i in range(40)))
    assert {reply.status_code for reply in replies} == {202}
    assert [len(intake.stored()) > 0 for intake in service.intakes] == [True] * 4


async def test_a_model_that_gives_no_numbers_sends_its_cases_to_an_expert(service: Service) -> None:
    service.model.predict = lambda rows: rows * float("nan")
    told = (await service.decide(SURE)).json()
    assert (told["status"], told["prediction"]) == ("pending_expert", None)
    assert told["route"]["reason"] == "the model gave no usable probabilities"


async def test_a_task_shows_its_labels_its_schema_and_what_serves(service: Service) -> None:
    await service.decide(SURE)
    headers = {"authorization": f"Bearer {service.key}"}
    shown = (await service.http.get("/v1/tasks/loans", headers=headers)).json()
    assert shown["labels"] == ["reject", "approve", "ask"]
    vector = {"kind": "vector", "size": 3, "min": 0.0, "max": 1.0, "shape": None, "sensitive": False}
    assert shown["input"] == vector
    assert shown["serving"]["versions"] == [{"digest": FIRST, "share": 1.0}]


async def test_a_client_of_one_task_knows_of_no_other(service: Service) -> None:
    headers = {"authorization": f"Bearer {service.key}"}
    assert [task["task"] for task in (await service.http.get("/v1/tasks", headers=headers)).json()["tasks"]] == ["loans"]
    assert (await service.http.get("/v1/tasks/other", headers=headers)).status_code == 404
