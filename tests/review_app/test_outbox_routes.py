"""The outbox and the inbox over HTTP, on a real store."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from redis.asyncio import Redis

from hitl.outbox import Delivery
from hitl.outbox.delivery import Attempt, settle
from serve_app.api.app import review_app
from serve_app.setup.records import records_of
from tests.review_app.conftest import PARTITIONS, World

DELIVERY = Delivery("approval-1-1", "hook", "Deployed", "digits: deployed", {"data": {"task": "digits"}}, 1.0)


@pytest.fixture
async def stored(world: World, valkey: Redis, tmp_path: Path) -> World:
    """The world with a real store of records, and one dead delivery in it."""
    world.ports = replace(world.ports, stored=records_of(valkey, PARTITIONS, str(tmp_path)))
    transport = httpx2.ASGITransport(review_app(world.ports), raise_app_exceptions=False)
    world.http = httpx2.AsyncClient(transport=transport, base_url="http://hitl")
    store = world.ports.records.outgoing
    await store.enqueue("approval", 0, (1, "h"), [DELIVERY])
    attempt = Attempt(2.0, 0.1, "the receiver answered 404", is_permanent=True)
    await store.settled(settle(DELIVERY, attempt, lambda: 0.0), attempt)
    return world


async def got(world: World, path: str, who: str = "operator") -> Any:
    return (await world.call("GET", path, who)).json()


async def test_an_operator_sees_what_died_and_why(stored: World) -> None:
    found = await got(stored, "/v1/outbox?status=dead")
    assert [(row["id"], row["last_error"]) for row in found["deliveries"]] == [("approval-1-1", "the receiver answered 404")]
    assert (found["counts"]["dead"], found["counts"]["waiting"]) == (1, 0)
    assert (await got(stored, "/v1/outbox/log"))["attempts"][0]["error"] == "the receiver answered 404"


async def test_a_dead_delivery_is_sent_again_by_its_id_or_with_all(stored: World) -> None:
    once = await stored.call("POST", "/v1/outbox/approval-1-1/replay", "operator", idempotency_key="k")
    assert once.json() == {"delivery_id": "approval-1-1", "replayed": True}
    assert (await got(stored, "/v1/outbox/approval-1-1"))["delivery"]["status"] == "waiting"
    again = await stored.call("POST", "/v1/outbox/replay", "operator", idempotency_key="k")
    assert again.json() == {"replayed": []}


@pytest.mark.parametrize(
    ("method", "path", "who", "status"),
    [
        ("GET", "/v1/outbox", "reviewer", 403),
        ("GET", "/v1/outbox", "operator-of-digits", 403),
        ("GET", "/v1/outbox", None, 401),
        ("GET", "/v1/outbox?limit=0", "operator", 400),
        ("GET", "/v1/outbox/none", "operator", 404),
        ("POST", "/v1/outbox/none/replay", "operator", 400),
        ("POST", "/v1/outbox/replay", "approver", 400),
        ("GET", "/v1/inbox", None, 401),
        ("POST", "/v1/inbox/read", "reviewer", 415),
    ],
)
async def test_who_may_not_or_asks_wrongly_is_refused(
    stored: World, method: str, path: str, who: str | None, status: int
) -> None:
    assert (await stored.call(method, path, who)).status_code == status


async def test_replaying_is_for_operators(stored: World) -> None:
    assert (await stored.call("POST", "/v1/outbox/replay", "approver", idempotency_key="k")).status_code == 403


async def test_each_person_reads_their_own_inbox(stored: World) -> None:
    for at, (address, task) in enumerate([("role:reviewer", "digits"), ("role:reviewer", "other"), ("user:ann", "digits")]):
        notice = replace(DELIVERY, id=f"n-{at}", body={"data": {"task": task}}, created_at=float(at))
        await stored.ports.records.inbox.add([address], notice)
    assert [row["id"] for row in (await got(stored, "/v1/inbox", "reviewer"))["notices"]] == ["n-1", "n-0"]
    assert [row["id"] for row in (await got(stored, "/v1/inbox", "stranger"))["notices"]] == ["n-1"]
    await stored.call("POST", "/v1/inbox/read", "reviewer", {"ids": ["n-0"]}, idempotency_key="k")
    assert (await got(stored, "/v1/inbox?unread=true", "reviewer"))["unread"] == 1
    assert (await got(stored, "/v1/inbox", "reviewer-2"))["unread"] == 2


async def test_without_a_store_of_records_the_answer_is_not_now(world: World) -> None:
    assert (await world.call("GET", "/v1/inbox", "reviewer")).status_code == 503
