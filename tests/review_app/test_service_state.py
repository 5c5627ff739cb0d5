"""Health, readiness, the journal's state and the documents about the service itself."""

from dataclasses import replace

import pytest

from hitl import errors
from tests.review_app.conftest import World


@pytest.mark.covers("003-81")
async def test_health_and_readiness_need_no_key(world: World) -> None:
    assert (await world.call("GET", "/health")).json() == {"status": "ok"}
    assert (await world.call("GET", "/ready")).json() == {"status": "ready"}


async def test_readiness_tells_of_a_store_that_may_lose_something(world: World) -> None:
    world.ports = replace(world.ports, store_risks=["set appendonly yes"])
    world.serve()
    assert (await world.call("GET", "/ready")).json() == {"status": "ready", "risks": ["set appendonly yes"]}


async def test_readiness_names_what_is_missing(world: World) -> None:
    world.shards.away.add("review-1")
    answer = await world.call("GET", "/ready")
    assert (answer.status_code, answer.json()["missing"]) == (503, {"review-1": "does not answer"})


async def test_recovering_shard_is_a_503_with_retry_after(world: World) -> None:
    world.shards.away.add("review-0")
    answer = await world.call("POST", "/v1/queues/digits/claim", "reviewer")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


async def test_journal_shows_every_shard_even_one_that_is_away(world: World) -> None:
    world.shards.away.add("review-1")
    shards = (await world.call("GET", "/v1/journal", "operator")).json()["shards"]
    assert {shard["shard"]: shard["phase"] for shard in shards} == {
        "review-0": "serving",
        "review-1": "unreachable",
        "approval": "serving",
        "workflow": "serving",
        "learning": "serving",
        "access": "serving",
    }


async def test_state_stands_at_the_end_of_its_journal(world: World) -> None:
    state = (await world.call("GET", "/v1/journal/approval/state", "operator")).json()
    assert state == {"seq": 0, "hash": "0" * 64, "state": {"approvals": {}, "serving": {}, "absences": {}}}


async def test_request_id_of_the_caller_comes_back(world: World) -> None:
    assert (await world.call("GET", "/health", x_request_id="abc-1")).headers["x-request-id"] == "abc-1"
    assert len((await world.call("GET", "/v1/queues", x_request_id="a b\n")).headers["x-request-id"]) == 36


async def test_metrics_show_only_the_tasks_of_the_caller(world: World) -> None:
    await world.case("1")
    await world.claim()
    of_all = (await world.call("GET", "/v1/metrics", "operator")).json()
    of_others = (await world.call("GET", "/v1/metrics", "stranger")).json()
    assert (set(of_all["reviews"]), set(of_all["queues"]), of_all["leased"]) == ({"digits"}, {"digits", "digits.expert"}, 1)
    assert of_others == {"reviews": {}, "queues": {}, "leased": 0, "approvals": {}, "serving": {}}


async def test_state_of_every_task_is_not_for_the_operator_of_one(world: World) -> None:
    assert (await world.call("GET", "/v1/journal/review-0/state", "operator-of-digits")).status_code == 403


@pytest.mark.covers("004-25")
async def test_openapi_describes_every_body(world: World) -> None:
    document = (await world.call("GET", "/openapi.json")).json()
    decision = document["paths"]["/v1/reviews/{review_id}/decision"]["post"]
    assert "DecisionBody" in str(decision["requestBody"])
    assert (await world.call("GET", "/api/docs/")).status_code == 200


async def test_unforeseen_failure_tells_nothing_of_the_inside(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(shard: str, question: object) -> dict[str, object]:
        raise errors.ChainBroken("secret-shard", 7)

    monkeypatch.setattr(world.shards, "ask", broken)
    answer = await world.call("GET", "/v1/queues", "operator")
    assert answer.status_code == 500
    assert "secret-shard" not in answer.text
