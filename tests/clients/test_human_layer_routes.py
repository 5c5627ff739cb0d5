"""The HumanLayer SDK's requests, as the package (0.7.9) was recorded sending them, without the package."""

import json
from typing import Any

import httpx2
import pytest

from hitl.machine.shards import APPROVAL
from tests.review_app.conftest import World, world

__all__ = ["world"]

BASE = "/humanlayer/v1"
SLACK = {
    "channel_or_user_id": "C123456",
    "context_about_channel_or_user": "the ops team",
    "bot_token": "xoxb-a-secret",
    "allowed_responder_ids": None,
    "experimental_slack_blocks": None,
    "thread_ts": None,
}
OPTION = {"name": "too-much", "title": "Too expensive", "description": None, "prompt_fill": None, "interactive": False}
CALL: dict[str, Any] = {
    "run_id": "agent-1",
    "call_id": "call-Zp2-7",
    "spec": {
        "fn": "send_money",
        "kwargs": {"to": "bob", "amount": 5},
        "channel": {"slack": SLACK, "sms": None, "whatsapp": None, "email": None},
        "reject_options": [OPTION],
        "state": {"step": 3},
    },
    "status": None,
}
CONTACT: dict[str, Any] = {
    "run_id": "agent-1",
    "call_id": "call-q_1",
    "spec": {"msg": "Which flight?", "subject": "Trip", "channel": None, "response_options": None, "state": None},
    "status": None,
}
STATUS = {"requested_at": None, "responded_at": None, "approved": None, "comment": None, "reject_option_name": None}


async def create(world: World, who: str = "client", **spec: Any) -> httpx2.Response:
    return await world.call("POST", f"{BASE}/function_calls", who, CALL | {"spec": CALL["spec"] | spec})


async def status(world: World, who: str = "client") -> dict[str, Any]:
    found: dict[str, Any] = (await world.call("GET", f"{BASE}/function_calls/call-Zp2-7", who)).json()["status"]
    return found


async def respond(world: World, who: str = "approver", **said: Any) -> httpx2.Response:
    body = STATUS | {"slack_message_ts": None} | said
    return await world.call("POST", f"{BASE}/agent/function_calls/call-Zp2-7/respond", who, body)


async def test_a_call_waits_until_a_person_approves_it_here(world: World) -> None:
    asked = await create(world)
    assert (asked.status_code, asked.json()["status"]["approved"]) == (200, None)
    assert asked.json()["spec"]["kwargs"] == {"to": "bob", "amount": 5}
    approval = (await world.call("GET", "/v1/approvals?status=pending", "approver")).json()["approvals"][0]
    vote = {"vote": "approve", "digest": approval["digest"], "comment": "fine"}
    await world.call("POST", f"/v1/approvals/{approval['approval_id']}/votes", "approver", vote, idempotency_key="v")
    found = await status(world)
    assert (found["approved"], found["comment"], found["reject_option_name"]) == (True, "fine", None)


async def test_the_secret_of_a_channel_is_not_stored(world: World) -> None:
    assert "xoxb-a-secret" not in (await create(world)).text
    assert "xoxb-a-secret" not in await world.state()


async def test_a_rejection_names_its_option_and_always_has_a_comment(world: World) -> None:
    await create(world)
    answer = await respond(world, approved=False, reject_option_name="too-much")
    assert answer.json()["status"]["comment"] == "rejected without a comment"
    assert (await status(world))["reject_option_name"] == "too-much"


@pytest.mark.parametrize("how", ["cancel", "expire"])
async def test_what_ends_without_a_vote_is_a_no_that_says_why(world: World, how: str) -> None:
    await create(world)
    name = "humanlayer:call-Zp2-7:call"
    if how == "cancel":
        await world.call("POST", f"/v1/approvals/{name}/cancel", "client", {"reason": "moot"}, idempotency_key="c")
    else:
        await expire(world, name)
    found = await status(world)
    assert (found["approved"], found["comment"].split(":")[0]) == (False, {"cancel": "cancelled", "expire": "expired"}[how])


async def expire(world: World, name: str) -> None:
    from hitl.approval.commands import Expire
    from hitl.machine import Envelope

    await world.shards.submit(APPROVAL, Envelope(Expire(name), "time", "", "time", "time"))


async def test_the_same_call_id_is_one_request_and_another_body_under_it_is_refused(world: World) -> None:
    first, again = await create(world), await create(world)
    assert (again.status_code, again.json()) == (200, first.json())
    assert len((await world.call("GET", "/v1/approvals", "approver")).json()["approvals"]) == 1
    assert (await create(world, fn="send_all_money")).status_code == 422
    assert (await create(world, who="client-2")).status_code == 409


async def test_a_double_response_has_one_effect(world: World) -> None:
    await create(world)
    assert [(await respond(world, approved=True)).status_code for _ in "ab"] == [200, 200]
    found = (await world.call("GET", "/v1/approvals/humanlayer:call-Zp2-7:call", "client")).json()["approval"]
    assert len(found["votes"]) == 1


async def test_only_people_who_may_vote_respond_and_never_the_author(world: World) -> None:
    await create(world, who="operator")
    before = await world.state()
    for who, code in (("operator", 403), ("client", 403), ("reviewer", 403), ("stranger", 404), ("nobody", 401)):
        assert (await respond(world, who, approved=True)).status_code == code, who
    assert await world.state() == before


async def test_another_client_does_not_see_the_call(world: World) -> None:
    await create(world)
    assert (await world.call("GET", f"{BASE}/function_calls/call-Zp2-7", "client-2")).status_code == 404


async def test_allowed_responders_are_the_only_ones_who_may_vote(world: World) -> None:
    slack = SLACK | {"allowed_responder_ids": ["approver-2"]}
    assert (await create(world, channel={"slack": slack})).status_code == 200
    assert (await respond(world, "approver", approved=True)).status_code == 403
    assert (await respond(world, "approver-2", approved=True)).json()["status"]["approved"] is True


@pytest.mark.parametrize("named", ["", " ", "p" * 129], ids=["empty", "blank", "too long"])
async def test_a_responder_whom_no_policy_can_name_is_refused(world: World, named: str) -> None:
    before = await world.state()
    slack = SLACK | {"allowed_responder_ids": [named]}
    assert (await create(world, channel={"slack": slack})).status_code == 422
    asked = await world.call(
        "POST", f"{BASE}/contact_requests", "client", CONTACT | {"spec": CONTACT["spec"] | {"channel": {"slack": slack}}}
    )
    assert asked.status_code == 422
    assert await world.state() == before


async def test_an_option_that_says_the_opposite_of_a_rejection_is_refused(world: World) -> None:
    assert (await create(world, reject_options=[OPTION | {"name": "approve"}])).status_code == 422


async def test_an_error_is_json_that_the_sdk_reads(world: World) -> None:
    for answer in (await create(world, who="nobody"), await create(world, kwargs=3)):
        assert answer.headers["content-type"] == "application/problem+json"
        assert json.loads(answer.text)["detail"]


async def test_an_escalation_tells_people_again_and_asks_nobody_new(world: World) -> None:
    await create(world)
    path = f"{BASE}/agent/function_calls/call-Zp2-7/escalate_email"
    body = {"escalation_msg": "It burns", "additional_recipients": [{"address": "boss@example.org"}], "channel": None}
    assert [(await world.call("POST", path, "client", body)).status_code for _ in "ab"] == [200, 200]
    assert (await world.call("POST", path, "approver", body)).status_code == 403
    found = (await world.call("GET", "/v1/approvals/humanlayer:call-Zp2-7:call", "client")).json()["approval"]
    told = [entry for entry in found["history"] if entry["type"] == "ApprovalEscalated"]
    assert [(entry["cause"], entry["message"], entry["ask"]) for entry in told] == [
        ("requested", "It burns (for boss@example.org)", [])
    ]


async def test_a_question_is_answered_by_a_person_and_read_by_the_sdk(world: World) -> None:
    asked = await world.call("POST", f"{BASE}/contact_requests", "client", CONTACT)
    assert (asked.status_code, asked.json()["status"]["response"]) == (200, None)
    waiting = (await world.call("GET", "/v1/interactions/pending", "reviewer")).json()["interactions"][0]
    assert waiting["details"]["prompt"] == "Trip\n\nWhich flight?"
    body = {"user_input": {"response": "The early one"}}
    await world.call("POST", f"/v1/interactions/{waiting['interaction_id']}/answer", "reviewer", body, idempotency_key="a")
    found = (await world.call("GET", f"{BASE}/contact_requests/call-q_1", "client")).json()
    assert (found["status"]["response"], found["spec"]["msg"]) == ("The early one", "Which flight?")


async def test_a_chosen_option_is_the_response_by_its_title(world: World) -> None:
    options = [OPTION | {"name": "early", "title": "The early one"}, OPTION | {"name": "late", "title": None}]
    await world.call(
        "POST", f"{BASE}/contact_requests", "client", CONTACT | {"spec": CONTACT["spec"] | {"response_options": options}}
    )
    said = {"requested_at": None, "responded_at": None, "response": None, "response_option_name": "early"}
    answer = await world.call("POST", f"{BASE}/agent/human_contacts/call-q_1/respond", "reviewer", said)
    assert (answer.json()["status"]["response"], answer.json()["status"]["response_option_name"]) == ("The early one", "early")


async def test_a_question_that_was_withdrawn_ends_the_poll(world: World) -> None:
    await world.call("POST", f"{BASE}/contact_requests", "client", CONTACT)
    path = "/v1/interactions/humanlayer:call-q_1:contact/cancel"
    assert (await world.call("POST", path, "client", {"reason": "moot"}, idempotency_key="c")).status_code == 200
    found = (await world.call("GET", f"{BASE}/contact_requests/call-q_1", "client")).json()["status"]
    assert found["response"].startswith("[no answer] cancelled")


async def test_an_escalated_question_shows_why(world: World) -> None:
    await world.call("POST", f"{BASE}/contact_requests", "client", CONTACT)
    path = f"{BASE}/agent/human_contacts/call-q_1/escalate_email"
    body = {"escalation_msg": "It burns", "additional_recipients": None, "channel": None}
    assert [(await world.call("POST", path, "client", body)).status_code for _ in "ab"] == [200, 200]
    assert (await world.call("POST", path, "reviewer", body)).status_code == 403
    waiting = (await world.call("GET", "/v1/interactions/pending", "reviewer")).json()["interactions"][0]
    assert [entry["message"] for entry in waiting["details"]["escalations"]] == ["It burns"]


async def test_escalations_of_one_request_are_bounded(world: World) -> None:
    await create(world)
    path = f"{BASE}/agent/function_calls/call-Zp2-7/escalate_email"
    bodies = [{"escalation_msg": f"again {n}", "additional_recipients": None, "channel": None} for n in range(21)]
    assert [(await world.call("POST", path, "client", body)).status_code for body in bodies][-2:] == [200, 422]


async def test_an_approval_of_the_native_routes_is_no_function_call(world: World) -> None:
    ask = {"kind": "custom", "title": "May we?", "id": "humanlayer:call-Zp2-7:call", "context": {}}
    await world.call("POST", "/v1/approvals", "client", ask, idempotency_key="1")
    assert (await world.call("GET", f"{BASE}/function_calls/call-Zp2-7", "client")).status_code == 404
