"""The gateway answers in the form of the views from which the client takes its types."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from serve_app.decisions.many import RowAnswers
from serve_app.decisions.task_views import TaskDescription, TaskLines
from serve_app.http.answers import OpenedCase
from serve_app.http.problems import ProblemDocument
from tests.gateway.service import FIRST, Service
from tests.gateway.test_many import SURE, TORN, WRONG, of, send


@pytest.fixture
async def service() -> Service:
    service = Service()
    await service.deploy((FIRST, 1.0))
    await service.gateway.models.refresh()
    return service


def keys_of(view: type) -> set[str]:
    """The keys of the view that are always there."""
    return set(TypeAdapter(view).json_schema(mode="serialization")["required"])


def check(view: type, answer: dict[str, Any]) -> None:
    TypeAdapter(view).validate_python(answer)
    assert answer.keys() == keys_of(view)


async def test_a_task_and_the_list_of_tasks(service: Service) -> None:
    head = {"authorization": f"Bearer {service.key}"}
    check(TaskLines, (await service.http.get("/v1/tasks", headers=head)).json())
    check(TaskDescription, (await service.http.get("/v1/tasks/loans", headers=head)).json())


@pytest.mark.parametrize("features", [SURE, TORN])
async def test_a_case_that_is_decided_and_one_that_waits(service: Service, features: list[float]) -> None:
    check(OpenedCase, (await service.decide(features, "alone")).json())


async def test_a_refusal(service: Service) -> None:
    refused = (await service.decide(WRONG, "alone")).json()
    TypeAdapter(ProblemDocument).validate_python(refused)
    assert refused.keys() == {*keys_of(ProblemDocument), "errors"}


async def test_many_cases(service: Service) -> None:
    check(RowAnswers, (await send(service, of(SURE, WRONG))).json())
