"""Interactions over HTTP and WebSockets: native routes and the documents' own."""

from typing import Any

import pytest

from serve_app.api.app import review_app
from tests.fakes.socket import connected
from tests.review_app.conftest import World

REVIEW = {"pattern": "review_and_approve", "config": {"assignees": ["reviewer"]}, "data": {"generated_content": "A text."}}


async def opened(world: World, key: str = "k", **changes: Any) -> dict[str, Any]:
    answer = await world.call("POST", "/v1/interactions", "client", {**REVIEW, **changes}, idempotency_key=key)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.covers("001-03", "001-22", "001-25", "001-26", "D25", "D26", "D39")
async def test_an_answer_over_the_documents_routes_takes_effect_and_its_status_stays_readable(world: World) -> None:
    name = (await opened(world))["interaction_id"]
    body = {"interaction_id": name, "user_input": {"decision": "approve"}}
    answer = await world.call("POST", "/hitl/respond", "reviewer", body)
    assert answer.json() == {"status": "accepted", "message": "Response submitted successfully"}
    status = (await world.call("GET", f"/hitl/status/{name}", "client")).json()
    assert (status["status"], set(status)) == ("completed", {"interaction_id", "status", "created_at", "expires_at"})


@pytest.mark.covers("001-23", "001-24", "D30", "D40")
async def test_pending_lists_what_is_assigned_with_its_form_and_only_to_the_user_of_the_token(world: World) -> None:
    first, second = await opened(world, "a"), await opened(world, "b")
    found = (await world.call("GET", "/hitl/pending/reviewer", "reviewer")).json()
    assert [each["interaction_id"] for each in found] == [first["interaction_id"], second["interaction_id"]]
    assert (found[0]["ui_schema"]["type"], found[0]["data"]) == ("review", {"generated_content": "A text."})
    assert found[0]["created_at"].endswith("+00:00")
    assert (await world.call("GET", "/hitl/pending/reviewer", "reviewer-2")).status_code == 404


@pytest.mark.covers("001-25", "D26")
async def test_bad_answers_and_strangers_get_problem_documents_and_change_nothing(world: World) -> None:
    name = (await opened(world))["interaction_id"]
    before = await world.state()
    tries = [
        ("reviewer", {"interaction_id": "nothing", "user_input": {}}, 404),
        ("reviewer-2", {"interaction_id": name, "user_input": {"decision": "approve"}}, 404),
        ("reviewer", {"interaction_id": name, "user_input": {"decision": "perhaps"}}, 422),
        ("reviewer", {"interaction_id": name, "user_input": {"decision": "approve"}, "user_id": "reviewer-2"}, 403),
        ("client", {"interaction_id": name, "user_input": {"decision": "approve"}}, 403),
        (None, {"interaction_id": name, "user_input": {"decision": "approve"}}, 401),
    ]
    for who, body, status in tries:
        assert (await world.call("POST", "/hitl/respond", who, body)).status_code == status
    assert await world.state() == before


async def test_the_same_request_under_the_same_key_opens_one_interaction(world: World) -> None:
    assert (await opened(world))["interaction_id"] == (await opened(world))["interaction_id"]


@pytest.mark.covers("D24")
async def test_a_late_answer_is_told_who_won(world: World) -> None:
    path = f"/v1/interactions/{(await opened(world, config={}))['interaction_id']}"
    body = {"user_input": {"decision": "reject"}}
    assert (await world.call("POST", f"{path}/answer", "reviewer", body, idempotency_key="1")).json()["is_decided"] is True
    late = await world.call("POST", f"{path}/answer", "reviewer-2", body, idempotency_key="1")
    assert (late.status_code, late.json()["type"]) == (409, "urn:ray-hitl:problem:interaction-closed")
    assert "by reviewer" in late.json()["detail"]
    assert (await world.call("GET", f"{path}?wait=30", "client")).json()["human_input"] == {"decision": "reject"}


@pytest.mark.covers("001-27", "001-28", "001-29", "D27", "D42")
async def test_every_socket_of_a_user_hears_of_new_and_of_withdrawn_interactions(world: World) -> None:
    app, path = review_app(world.ports), "/ws/hitl/reviewer"
    first = (await opened(world, "a"))["interaction_id"]
    async with connected(app, path, "reviewer") as one, connected(app, path, "reviewer") as two:
        for socket in (one, two):
            assert (await socket.next())["type"] == "websocket.accept"
            hello = await socket.hear()
            assert (hello["type"], [each["interaction_id"] for each in hello["data"]]) == ("pending_interactions", [first])
        await one.say("ping")
        assert await one.hear() == "pong"
        second = (await opened(world, "b"))["interaction_id"]
        await world.call("POST", f"/v1/interactions/{second}/cancel", "client", {}, idempotency_key="c")
        for socket in (one, two):
            heard = await socket.hear()
            while heard["type"] == "new_interaction":
                heard = await socket.hear()
            assert (heard["type"], heard["data"]["interaction_id"]) == ("interaction_closed", second)


@pytest.mark.covers("D27")
async def test_a_socket_that_comes_back_with_its_cursor_hears_what_it_missed(world: World) -> None:
    app = review_app(world.ports)
    async with connected(app, "/ws/hitl/reviewer", "reviewer") as socket:
        await socket.next()
        cursor = (await socket.hear())["cursor"]
    missed = (await opened(world))["interaction_id"]
    async with connected(app, "/ws/hitl/reviewer", "reviewer", f"cursor={cursor}") as socket:
        await socket.next()
        heard = await socket.hear()
    assert (heard["type"], heard["data"]["interaction_id"]) == ("new_interaction", missed)


@pytest.mark.covers("D27")
@pytest.mark.parametrize("who", [None, "reviewer-2", "nobody"])
async def test_a_socket_for_somebody_else_is_refused(world: World, who: str | None) -> None:
    async with connected(review_app(world.ports), "/ws/hitl/reviewer", who) as socket:
        assert (await socket.next())["type"] == "websocket.close"


@pytest.mark.covers("000-41", "000-50", "003-70", "003-75", "003-76", "003-77")
async def test_cases_and_workflows_run_over_http(world: World) -> None:
    case = (await world.call("POST", "/v1/workflows/cases", "client", CASE, idempotency_key="1")).json()["workflow_id"]
    path = f"/v1/workflows/{case}"
    said = {"ai_result": {"prediction": "approve", "confidence": 0.7}}
    routed = await world.call("POST", f"{path}/prediction", "client", said, idempotency_key="2")
    assert routed.json()["status"] == "human_review"
    decided = await world.call("POST", f"{path}/decision", "reviewer", {"decision": "approve"}, idempotency_key="3")
    assert decided.json() == {"workflow_id": case, "status": "completed", "decision_processed": True}
    assert (await world.call("GET", path, "client")).json()["progress"] == 1.0
    flow = {"name": "digits", "stages": [{"type": "training"}]}
    made = (await world.call("POST", "/v1/workflows", "trainer", flow, idempotency_key="4")).json()["workflow_id"]
    await world.call("POST", f"/v1/workflows/{made}/execute", "trainer", idempotency_key="5")
    taken = await world.call("POST", f"/v1/workflows/{made}/stages/training/start", "trainer", idempotency_key="6")
    body = {"attempt": taken.json()["attempt"], "result": {"accuracy": 0.9}}
    await world.call("POST", f"/v1/workflows/{made}/stages/training/result", "trainer", body, idempotency_key="7")
    assert (await world.call("GET", f"/v1/workflows/{made}", "trainer")).json()["status"] == "completed"
    assert (await world.call("GET", f"/v1/workflows/{made}", "reviewer")).status_code == 404
    assert (await world.call("GET", "/v1/workflows/analytics", "operator")).json()["total_workflows"] == 2


CASE = {"workflow_type": "decision", "request_data": {"amount": 10}}
