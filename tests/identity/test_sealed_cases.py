"""A case of a task with sensitive fields: the model gets the clear value, nothing else keeps or shows it."""

import json
from collections.abc import AsyncIterator

import pytest

from hitl.canonical import digest_of
from hitl.intake.chains import verify_intake
from hitl.sealing import Keyring
from hitl.tasks import TaskSpec
from tests.gateway.service import FIRST, Service, loans

SECRET = 0.8125
CASE = [SECRET, 0.125, 0.0625]


def sealed_loans() -> TaskSpec:
    plain = loans().model_dump()
    return TaskSpec.model_validate({**plain, "input": {**plain["input"], "sensitive": True}, "sensitive_metadata": ["name"]})


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    made = Service(tasks={"loans": sealed_loans()}, masters=Keyring([bytes(32)]))
    await made.gateway.start()
    await made.deploy((FIRST, 1.0))
    yield made
    await made.gateway.stop()


async def told(service: Service, **changes: object) -> dict[str, object]:
    body = {"features": CASE, "metadata": {"name": "Ada Lovelace", "ward": "7"}, **changes}
    answer = await service.send(json.dumps(body).encode(), **{"idempotency-key": "k"})
    return {"status_code": answer.status_code, **answer.json()}


@pytest.mark.covers("000-76")
async def test_the_model_sees_the_value_and_no_answer_does(service: Service) -> None:
    first = await told(service)
    assert first["confidence"] == SECRET
    assert (first["features"], first["metadata"]) == ("***", {"name": "***", "ward": "7"})


async def test_nothing_at_rest_holds_the_value_or_a_digest_of_it(service: Service) -> None:
    await told(service)
    case = service.stored()[0]
    clear = json.dumps({"features": CASE, "metadata": {"name": "Ada Lovelace", "ward": "7"}}, separators=(",", ":"))
    assert b"Lovelace" not in case.payload + case.record.encode()
    assert digest_of(clear.encode()).encode() not in case.record.encode()


async def test_a_repetition_gets_the_same_answer_and_another_body_a_422(service: Service) -> None:
    first = await told(service)
    assert await told(service) == first
    assert (await told(service, features=[0.5, 0.25, 0.25]))["status_code"] == 422


async def test_after_an_erasure_the_key_answers_gone_and_the_chain_holds(service: Service) -> None:
    case_id = str((await told(service))["case_id"])
    assert await service.intakes[0].drop_key(case_id)
    assert (await told(service))["status_code"] == 410
    assert (await verify_intake("intake-0", service.intakes[0]))[0] == 1
