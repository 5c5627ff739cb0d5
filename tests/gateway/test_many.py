"""Many cases in one request: each judged by itself, each decided once however often the request comes."""

import json
from typing import Any

import httpx2
import pytest

from hitl.ids import partition_of
from serve_app.decisions import many
from tests.gateway.service import FIRST, Service

SURE, TORN, WRONG = [0.97, 0.02, 0.01], [0.4, 0.35, 0.25], [0.5, 7.0, 0.1]


@pytest.fixture
async def service() -> Service:
    service = Service(partitions=2)
    await service.deploy((FIRST, 1.0))
    await service.gateway.models.refresh()
    return service


async def send(service: Service, cases: Any, key: str = "b1", **headers: str) -> httpx2.Response:
    given = {"authorization": f"Bearer {service.key}", "content-type": "application/json", "idempotency-key": key, **headers}
    body = cases if isinstance(cases, bytes) else json.dumps({"cases": cases}).encode()
    return await service.http.post("/v1/tasks/loans/decisions:batch", content=body, headers=given)


def of(*rows: Any) -> list[dict[str, Any]]:
    return [{"features": row} for row in rows]


async def test_each_row_gets_the_outcome_of_a_request_of_its_own(service: Service) -> None:
    results = (await send(service, of(SURE, TORN, WRONG, SURE))).json()["results"]
    assert [row["status"] for row in results] == [200, 202, 422, 200]
    assert results[2]["body"]["errors"][0]["pointer"] == "/features/1"
    assert len(service.stored()) == 3
    alone = (await service.decide(SURE, "alone")).json()
    assert results[0]["body"].keys() == alone.keys()
    assert (results[0]["body"]["outcome"], results[0]["body"]["features"]) == (alone["outcome"], SURE)


async def test_a_repeated_request_gets_the_same_answers_and_stores_nothing(service: Service) -> None:
    first = await send(service, of(SURE, TORN, WRONG))
    again = await send(service, of(SURE, TORN, WRONG))
    ids = [row["body"].get("case_id") for row in first.json()["results"]]
    assert [row["body"] for row in again.json()["results"][:2]] == [row["body"] for row in first.json()["results"][:2]]
    assert len(service.stored()) == len(set(ids)) - 1 == 2


async def test_a_request_cut_short_is_finished_by_its_repetition(service: Service) -> None:
    await send(service, of(SURE, TORN))
    results = (await send(service, of(SURE, TORN, SURE))).json()["results"]
    assert ([row["status"] for row in results], len(service.stored())) == ([200, 202, 200], 3)


async def test_a_row_that_comes_again_with_another_body_is_a_conflict_of_its_own(service: Service) -> None:
    await send(service, of(SURE, TORN))
    results = (await send(service, of(SURE, SURE))).json()["results"]
    assert [row["status"] for row in results] == [200, 422]
    assert results[1]["body"]["type"].endswith("idempotency-conflict")


async def test_a_row_never_meets_a_request_of_its_own(service: Service) -> None:
    alone = (await service.decide(SURE, "b1")).json()["case_id"]
    rows = (await send(service, of(SURE), "b1")).json()["results"]
    assert rows[0]["body"]["case_id"] != alone


@pytest.mark.parametrize("cases", [[], {}, None, "x"])
async def test_no_rows_are_refused(service: Service, cases: Any) -> None:
    assert (await send(service, cases)).status_code == 422


async def test_too_many_rows_are_refused_whole(service: Service) -> None:
    refused = await send(service, of(*[SURE] * (many.MAX_ROWS + 1)))
    assert (refused.status_code, refused.json()["type"].rsplit(":")[-1]) == (413, "too-many-rows")
    assert service.stored() == []


async def test_as_many_as_may_are_decided_in_few_appends(service: Service) -> None:
    results = (await send(service, of(*[SURE] * many.MAX_ROWS))).json()["results"]
    assert {row["status"] for row in results} == {200}
    assert sum(intake.appends for intake in service.intakes) <= many.MAX_ROWS / 64 + 4


@pytest.mark.parametrize("row", [3, None, [], {"features": SURE, "more": 1}, {"metadata": {}}])
async def test_a_row_of_another_form_is_refused_alone(service: Service, row: Any) -> None:
    results = (await send(service, [row, *of(SURE)])).json()["results"]
    assert [result["status"] for result in results] == [422, 200]


async def test_the_parser_is_as_strict_as_with_one(service: Service) -> None:
    twice = b'{"cases":[{"features":[0.97,0.02,0.01],"features":[0.1,0.1,0.8]}]}'
    assert (await send(service, twice)).status_code == 400
    assert (await send(service, b'{"cases":[{"features":[NaN,0.1,0.9]}]}')).status_code == 400


async def test_who_may_not_open_cases_may_not_open_many(service: Service) -> None:
    assert (await send(service, of(SURE), authorization=f"Bearer {service.reviewer_key}")).status_code == 403
    assert (await send(service, of(SURE), authorization="Bearer none")).status_code == 401


async def test_rows_that_would_not_fit_are_refused_before_any_is_taken(service: Service) -> None:
    for batcher in service.gateway._batchers:
        batcher._max_waiting = 2
    refused = await send(service, of(SURE, SURE, SURE))
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert service.stored() == []


async def test_a_case_of_a_batch_goes_to_its_partition(service: Service) -> None:
    await send(service, of(*[SURE] * 20))
    places = [(at, partition_of(each.record.case_id, 2)) for at, intake in enumerate(service.intakes) for each in intake.stored()]
    assert len(places) == 20
    assert all(at == wanted for at, wanted in places)
