"""Bounds of tasks and queues hold on every verb, not on claims alone, and live streams end when the right to them ends."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from hitl.errors import Unauthenticated
from hitl.identity import Principal, Role
from serve_app.api.live import feed
from serve_app.api.live.event_stream import while_allowed
from serve_app.api.live.queue_stream import queue_messages
from serve_app.api.live.stream import messages
from tests.review_app.conftest import PARTITIONS, World, by_name, world

__all__ = ["world"]

RIGHTS: dict[str, dict[str, Any]] = {
    "of-letters": {"roles": {Role.EXPERT, Role.REVIEWER, Role.OPERATOR}, "queues": {"letters"}},
    "of-digits": {"roles": {Role.REVIEWER}, "queues": {"digits"}},
    "other-task": {"roles": {Role.REVIEWER, Role.EXPERT, Role.APPROVER, Role.TRAINER, Role.OPERATOR}, "tasks": {"letters"}},
}


async def bounded(authorization: str | None) -> Principal:
    name = (authorization or "").removeprefix("Bearer ")
    if name not in RIGHTS:
        return await by_name(authorization)
    return Principal(name, **{key: frozenset(values) for key, values in RIGHTS[name].items()})


@pytest.fixture
def bounds(world: World) -> World:
    world.ports = replace(world.ports, authenticate=bounded)
    world.serve()
    return world


VERBS: list[tuple[str, dict[str, Any] | None]] = [
    ("amend", {"label": "4", "reason": "r"}),
    ("reopen", {"reason": "r", "to_experts": False}),
    ("assign", {"to": "person:of-letters"}),
    ("requeue", {"reason": "r"}),
    ("undo", {"reason": "r"}),
    ("decision", {"lease": 1, "label": "4"}),
    ("release", {"lease": 1}),
    ("draft", {"lease": 1, "draft": {}}),
]


@pytest.mark.parametrize(("verb", "body"), VERBS)
async def test_an_expert_of_another_queue_changes_nothing_here(bounds: World, verb: str, body: dict[str, Any]) -> None:
    await bounds.case("a")
    review = await bounds.claim()
    await bounds.decide(review)
    before = await bounds.state()
    answer = await bounds.call("POST", f"/v1/reviews/{review['review_id']}/{verb}", "of-letters", body, idempotency_key="k")
    assert (answer.status_code, await bounds.state()) == (404, before)


async def test_an_expert_of_another_queue_reads_nothing_here(bounds: World) -> None:
    case_id = await bounds.case("a")
    await bounds.claim()
    paths = [f"/v1/reviews/{case_id}-1", f"/v1/decisions/{case_id}", "/v1/queues/digits", "/v1/suggestions/digits"]
    assert [(await bounds.call("GET", path, "of-letters")).status_code for path in paths] == [404] * 4
    assert (await bounds.call("GET", "/v1/queues", "of-letters")).json()["queues"] == {}


async def test_who_handed_a_review_on_still_gets_the_answer_to_a_repetition(bounds: World) -> None:
    """It stands in the experts' queue now, which is not theirs."""
    await bounds.case("a")
    review = await bounds.claim("of-digits")
    path, body = f"/v1/reviews/{review['review_id']}/escalate", {"lease": review["lease"]["id"], "reason": "hard"}
    answers = [await bounds.call("POST", path, "of-digits", body, idempotency_key="e") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]


async def test_whose_queue_was_taken_away_reaches_nothing_that_they_once_did(bounds: World) -> None:
    await bounds.case("a")
    review = await bounds.claim("of-digits")
    await bounds.decide(review, "of-digits")
    mine = f"/v1/reviews/{review['review_id']}"
    assert (await bounds.call("GET", mine, "of-digits")).status_code == 200
    RIGHTS["of-digits"]["queues"] = {"letters"}
    try:
        assert (await bounds.call("GET", mine, "of-digits")).status_code == 404
    finally:
        RIGHTS["of-digits"]["queues"] = {"digits"}


async def test_what_belongs_to_no_task_is_not_for_who_is_bounded_to_one(bounds: World) -> None:
    step = {"pattern": "review_and_approve", "config": {"assignees": ["role:reviewer"]}, "data": {"secret": 1}}
    opened = await bounds.call("POST", "/v1/interactions", "client", step, idempotency_key="1")
    body = {"workflow_type": "decision", "request_data": {"secret": 1}}
    case = await bounds.call("POST", "/v1/workflows/cases", "client", body, idempotency_key="2")
    flow = await bounds.call("POST", "/v1/workflows", "trainer", {"name": "f"}, idempotency_key="3")
    paths = [
        f"/v1/interactions/{opened.json()['interaction_id']}",
        f"/v1/workflows/{case.json()['workflow_id']}",
        f"/v1/workflows/{flow.json()['workflow_id']}",
    ]
    assert [(await bounds.call("GET", path, "other-task")).status_code for path in paths] == [404] * 3
    lists = [
        await bounds.call("GET", path, "other-task") for path in ("/v1/interactions", "/v1/interactions/pending", "/v1/workflows")
    ]
    assert ["secret" in answer.text or "f" in answer.json().get("workflows", ()) for answer in lists] == [False] * 3


class Right:
    """A right that a test takes away."""

    def __init__(self) -> None:
        self.holds, self.asked = True, asyncio.Event()

    async def who(self) -> Principal:
        self.asked.set()
        if not self.holds:
            raise Unauthenticated("the key was revoked")
        return Principal("reviewer", frozenset({Role.REVIEWER}))


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "RECHECK_S", 0.01)


def streams(world: World, right: Right) -> list[AsyncIterator[Any]]:
    live = feed.Feed(world.shards)
    return [
        queue_messages(world.shards, "digits", right.who, [0] * PARTITIONS),
        messages(world.shards, live, right.who, 0, ()),
    ]


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("number", [0, 1])
async def test_a_silent_stream_ends_with_the_right_to_it(world: World, number: int) -> None:
    right = Right()
    listening = asyncio.create_task(_all(while_allowed(streams(world, right)[number])))
    await asyncio.wait_for(right.asked.wait(), 5)
    right.holds = False
    assert await asyncio.wait_for(listening, 5) == []


@pytest.mark.usefixtures("at_once")
async def test_a_queues_stream_ends_when_the_queue_is_taken_away(bounds: World) -> None:
    """Before, it went on with the ids of reviews after role and task were gone."""
    listening = asyncio.create_task(bounds.call("GET", "/v1/queues/digits/events", "of-digits"))
    await asyncio.sleep(0.05)
    assert not listening.done()
    RIGHTS["of-digits"]["queues"] = {"letters"}
    try:
        assert (await asyncio.wait_for(listening, 5)).text == ""
    finally:
        RIGHTS["of-digits"]["queues"] = {"digits"}


async def _all(stream: AsyncIterator[Any]) -> list[Any]:
    return [each async for each in stream]


async def test_an_operator_of_one_task_says_nobody_else_is_away(bounds: World) -> None:
    """Who is away votes on no task."""
    body = {"person": "approver", "until": "2099-01-01T00:00:00Z", "deputy": None}
    before = await bounds.state()
    answer = await bounds.call("POST", "/v1/approvals/absences", "other-task", body, idempotency_key="k")
    assert answer.status_code == 403
    assert await bounds.state() == before
    assert (await bounds.call("POST", "/v1/approvals/absences", "operator", body, idempotency_key="k")).status_code == 200
