"""Asking for a model's approval, voting on it, and what served when."""

from typing import Any

import httpx2
import pytest

from hitl.approval.commands import Deploy
from hitl.machine import Envelope
from hitl.machine.shards import APPROVAL
from tests.review_app.conftest import World

FIRST, SECOND = "a" * 64, "b" * 64


async def ask(world: World, digest: str = FIRST, who: str = "trainer") -> httpx2.Response:
    body = {"task": "digits", "digest": digest, "title": "a candidate", "evidence": {"accuracy": 0.97}}
    return await world.call("POST", "/v1/approvals", who, body, idempotency_key=f"ask-{digest}")


async def vote(world: World, who: str, approval: str = "digits-1", digest: str = FIRST, **also: Any) -> httpx2.Response:
    body = {"vote": "approve", "digest": digest} | also
    return await world.call("POST", f"/v1/approvals/{approval}/votes", who, body, idempotency_key=f"{who}-{approval}")


async def deploy(world: World, digest: str, number: int) -> None:
    await ask(world, digest)
    for who in ("approver", "approver-2"):
        await vote(world, who, f"digits-{number}", digest)
    await world.shards.submit(APPROVAL, Envelope(Deploy(f"digits-{number}", digest), f"d{number}", "", "keeper", ""))


@pytest.mark.covers("000-21")
async def test_request_shows_its_evidence_to_approvers(world: World) -> None:
    answer = await ask(world)
    assert (answer.status_code, answer.headers["location"]) == (201, "/v1/approvals/digits-1")
    shown = (await world.call("GET", "/v1/approvals/digits-1", "approver")).json()["approval"]
    assert (shown["evidence"], shown["requested_by"], shown["quorum"]) == ({"accuracy": 0.97}, "trainer", 2)


async def test_quorum_approves(world: World) -> None:
    await ask(world)
    assert (await vote(world, "approver")).json()["status"] == "pending"
    assert (await vote(world, "approver-2")).json()["status"] == "approved"
    listed = (await world.call("GET", "/v1/approvals?status=approved&task=digits", "operator")).json()["approvals"]
    assert [approval["approval_id"] for approval in listed] == ["digits-1"]


@pytest.mark.covers("D33")
async def test_one_rejection_closes_the_approval(world: World) -> None:
    await ask(world)
    assert (await vote(world, "approver", vote="reject")).json()["status"] == "rejected"
    assert (await vote(world, "approver-2")).json()["type"].endswith("approval-closed")


@pytest.mark.parametrize(
    ("who", "digest", "problem"),
    [("approver", SECOND, "digest-mismatch"), ("trainer", FIRST, "forbidden"), ("operator", FIRST, "forbidden")],
)
async def test_wrong_vote_changes_nothing(world: World, who: str, digest: str, problem: str) -> None:
    await ask(world)
    before = await world.state()
    assert (await vote(world, who, digest=digest)).json()["type"].endswith(problem)
    assert await world.state() == before


async def test_second_vote_of_one_person_is_refused(world: World) -> None:
    await ask(world)
    await vote(world, "approver")
    body = {"vote": "approve", "digest": FIRST}
    again = await world.call("POST", "/v1/approvals/digits-1/votes", "approver", body, idempotency_key="another")
    assert again.json()["type"].endswith("already-voted")


async def test_approvals_need_a_key_for_their_repetition(world: World) -> None:
    body = {"task": "digits", "digest": FIRST, "title": "a candidate", "evidence": {}}
    assert (await world.call("POST", "/v1/approvals", "trainer", body)).status_code == 400


async def test_history_says_what_served_when(world: World) -> None:
    await deploy(world, FIRST, 1)
    await deploy(world, SECOND, 2)
    now = (await world.call("GET", "/v1/models/digits", "client")).json()
    assert (now["serving"]["versions"], len(now["history"])) == ([[SECOND, 1.0]], 2)
    then = (await world.call("GET", "/v1/models/digits/at?time=2001-01-01T00:00:00Z", "client")).json()
    assert then["serving"]["generation"] == 0


async def test_operator_rolls_back_to_what_served_before(world: World) -> None:
    await deploy(world, FIRST, 1)
    await deploy(world, SECOND, 2)
    body = {"digest": FIRST, "reason": "worse on Mondays"}
    answer = await world.call("POST", "/v1/models/digits/rollback", "operator", body, idempotency_key="r")
    assert (answer.status_code, answer.json()["generation"]) == (200, 3)


async def test_nobody_rolls_back_to_what_never_served(world: World) -> None:
    body = {"digest": FIRST, "reason": "because"}
    answer = await world.call("POST", "/v1/models/digits/rollback", "operator", body, idempotency_key="r")
    assert answer.json()["type"].endswith("never-deployed")


@pytest.mark.parametrize("time", ["yesterday", "2001-01-01", "2001-01-01T00:00:00", "0000-01-01T00:00:00Z", "1e20"])
async def test_time_without_meaning_is_refused(world: World, time: str) -> None:
    assert (await world.call("GET", f"/v1/models/digits/at?time={time}", "client")).status_code == 400
