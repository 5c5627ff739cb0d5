"""Approvals of every kind over HTTP: asked for, voted on by what is shown, withdrawn, paged and audited."""

from typing import Any

import httpx2
import pytest

from tests.review_app.conftest import World

CODE = {
    "kind": "ai_decision",
    "title": "Refund order 7?",
    "description": "The customer says that it never came.",
    "context": {"order": 7},
    "options": [{"label": "Refund", "value": "approve", "recommended": True}, {"label": "Deny", "value": "deny"}],
    "urgency": "high",
    "timeout": 600.0,
    "metadata": {"department": "support"},
}


async def ask(world: World, who: str = "client", key: str = "a", **overrides: Any) -> httpx2.Response:
    return await world.call("POST", "/v1/approvals", who, CODE | overrides, idempotency_key=key)


async def shown(world: World, approval_id: str, who: str = "approver") -> dict[str, Any]:
    found: dict[str, Any] = (await world.call("GET", f"/v1/approvals/{approval_id}", who)).json()["approval"]
    return found


async def vote(world: World, who: str, approval_id: str, value: str, **also: Any) -> httpx2.Response:
    seen = await shown(world, approval_id)
    body = {"vote": value, "digest": seen["digest"], "shown": seen["shown"], "comment": "read"} | also
    return await world.call("POST", f"/v1/approvals/{approval_id}/votes", who, body, idempotency_key=f"{who}-{value}")


@pytest.mark.covers("000-01", "000-10", "000-16", "000-20", "000-23")
async def test_a_client_asks_a_person_decides_and_the_client_sees_the_choice(world: World) -> None:
    answer = await ask(world)
    assert (answer.status_code, answer.headers["location"]) == (201, "/v1/approvals/ai_decision-1")
    assert (await vote(world, "approver", "ai_decision-1", "approve")).json()["status"] == "approved"
    seen = await shown(world, "ai_decision-1", "client")
    assert (seen["status"], seen["choice"], seen["tally"]["votes"]) == ("approved", "approve", 1)


async def test_waiting_ends_with_the_decision(world: World) -> None:
    await ask(world)
    await vote(world, "approver", "ai_decision-1", "deny")
    seen = await world.call("GET", "/v1/approvals/ai_decision-1?wait=30", "client")
    assert seen.json()["approval"]["status"] == "rejected"


async def test_a_request_is_hidden_from_clients_who_did_not_make_it(world: World) -> None:
    await ask(world)
    for path in ("", "/audit"):
        assert (await world.call("GET", f"/v1/approvals/ai_decision-1{path}", "client-2")).status_code == 404
    assert (await world.call("GET", "/v1/approvals", "client")).status_code == 403


@pytest.mark.covers("000-24")
async def test_only_its_author_or_an_operator_withdraws_a_request(world: World) -> None:
    await ask(world)
    path = "/v1/approvals/ai_decision-1/cancel"
    assert (await world.call("POST", path, "approver", {}, idempotency_key="c")).status_code == 403
    assert (await world.call("POST", path, "client", {"reason": "solved"}, idempotency_key="c")).json()["status"] == "cancelled"
    assert (await world.call("POST", path, "client", {}, idempotency_key="d")).status_code == 409


@pytest.mark.covers("000-26")
async def test_the_audit_trail_has_comments_on_request(world: World) -> None:
    await ask(world)
    await vote(world, "approver", "ai_decision-1", "approve")
    path = "/v1/approvals/ai_decision-1/audit"
    entries = (await world.call("GET", f"{path}?include_comments=true&include_metadata=true", "client")).json()["entries"]
    assert [entry["type"] for entry in entries] == ["ApprovalRequested", "VoteCast", "ApprovalApproved"]
    assert (entries[0]["metadata"], entries[1]["comment"]) == ({"department": "support"}, "read")


async def test_pages_of_approvals_follow_a_cursor(world: World) -> None:
    for key in "abc":
        await ask(world, key=key)
    first = (await world.call("GET", "/v1/approvals?limit=2&kind=ai_decision", "approver")).json()
    rest = (await world.call("GET", f"/v1/approvals?limit=2&cursor={first['next']}", "approver")).json()
    assert [len(page["approvals"]) for page in (first, rest)] == [2, 1]
    assert rest["next"] is None


@pytest.mark.covers("000-25")
async def test_metrics_count_what_the_caller_may_see(world: World) -> None:
    await ask(world)
    await vote(world, "approver", "ai_decision-1", "approve")
    found = (await world.call("GET", "/v1/approvals/metrics", "operator")).json()
    assert (found["total"], found["by_kind"], found["approval_rate"]) == (1, {"ai_decision": 1}, 1.0)


BAD = [
    ({"kind": "holiday"}, "/kind"),
    ({"urgency": "now"}, "/urgency"),
    ({"timeout": 0}, "/timeout"),
    ({"digest": "a" * 64}, "/digest"),
    ({"options": [{"label": "x", "value": "perhaps"}, {"label": "n", "value": "no"}]}, "/options/0/outcome"),
    ({"kind": "code_execution", "context": {"code": "x"}, "policy": {"rule": "any"}}, "/policy"),
    ({"kind": "policy_change", "task": "digits", "digest": "a" * 64, "evidence": {}}, "/options"),
    ({"default": {"option": "approve"}}, "/default/reason"),
    ({"id": "digits-1"}, "/id"),
]


@pytest.mark.parametrize(("overrides", "place"), BAD)
async def test_a_bad_request_changes_nothing_and_names_its_place(world: World, overrides: dict[str, Any], place: str) -> None:
    before = await world.state()
    answer = await ask(world, "operator", **overrides)
    assert (answer.status_code, place in answer.text) == (422, True)
    assert await world.state() == before


@pytest.mark.covers("D35")
async def test_a_model_is_never_approved_by_silence(world: World) -> None:
    body = {
        "task": "digits",
        "digest": "a" * 64,
        "title": "t",
        "evidence": {},
        "default": {"option": "approve", "reason": "hurry"},
    }
    assert (await world.call("POST", "/v1/approvals", "trainer", body, idempotency_key="k")).status_code == 422


NAMED = {"policy": {"approvers": ["approver"]}}


@pytest.mark.covers("000-30", "D35")
async def test_who_is_away_is_asked_through_a_deputy(world: World) -> None:
    body = {"until": "2999-01-01T00:00:00Z", "deputy": "approver-2"}
    assert (await world.call("POST", "/v1/approvals/absences", "approver", body, idempotency_key="a")).status_code == 200
    await ask(world, **NAMED)
    assert (await shown(world, "ai_decision-1"))["asked"] == ["approver-2"]
    assert (await vote(world, "approver", "ai_decision-1", "approve")).status_code == 403
    assert (await vote(world, "approver-2", "ai_decision-1", "approve")).json()["status"] == "approved"


async def test_a_vote_is_passed_on_by_who_was_asked_alone(world: World) -> None:
    await ask(world, **NAMED)
    path, body = "/v1/approvals/ai_decision-1/delegate", {"to": "approver-2", "reason": "she knows the customer"}
    assert (await world.call("POST", path, "operator", body, idempotency_key="o")).status_code == 403
    assert (await world.call("POST", path, "approver", body, idempotency_key="d")).status_code == 200
    assert (await vote(world, "approver-2", "ai_decision-1", "deny")).json()["status"] == "rejected"


@pytest.mark.parametrize(
    ("who", "body", "code"),
    [
        ("approver", {"until": "2999-01-01T00:00:00Z", "person": "approver-2"}, 403),
        ("client", {"until": "2999-01-01T00:00:00Z"}, 403),
        ("approver", {"until": "2999-01-01T00:00:00"}, 422),
        ("approver", {"until": "2999-01-01T00:00:00Z", "deputy": "approver"}, 422),
    ],
)
async def test_an_absence_that_cannot_be_changes_nothing(world: World, who: str, body: dict[str, Any], code: int) -> None:
    before = await world.state()
    assert (await world.call("POST", "/v1/approvals/absences", who, body, idempotency_key="a")).status_code == code
    assert await world.state() == before
