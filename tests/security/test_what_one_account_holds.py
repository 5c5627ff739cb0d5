"""One account tries to fill the service, or to keep all of it busy: it meets a limit with a name, and others go on."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from limits import RateLimitItem

from hitl.approval import ApprovalMachine, ApprovalRules
from hitl.approval.commands import CancelApproval
from hitl.errors import TooManyRequests
from hitl.identity import Role
from hitl.workflow import WorkflowMachine
from hitl.workflow.commands import CancelInteraction, StartCase
from serve_app.http.limits import LimitTerms, RequestLimits
from tests.fakes.approvals import ask
from tests.fakes.shell import Shell
from tests.fakes.workflows import CLIENT
from tests.review_app.conftest import World
from tests.workflow.test_patterns import opens

TERMS = LimitTerms(requests=dict.fromkeys(Role, "6000/minute"))
OPEN = {"pattern": "pause_for_input", "pipeline_name": "p", "step_name": "s", "config": {}, "data": {}}


class Counts:
    """A Counting in memory, without time."""

    def __init__(self) -> None:
        self.taken: dict[tuple[str, str], int] = {}

    async def hit(self, item: RateLimitItem, account: str, cost: int = 1) -> float | None:
        taken = self.taken.get((str(item), account), 0) + cost
        if taken > item.amount:
            return 3600.0
        self.taken[str(item), account] = taken
        return None


def limited(world: World, **ports: Any) -> World:
    world.ports = replace(world.ports, **ports)
    world.serve()
    return world


def test_an_account_holds_so_many_interactions_and_no_more() -> None:
    shell = Shell(WorkflowMachine(max_open=3))
    for name in "abc":
        shell.send(opens("multi_approval", name))
    with pytest.raises(TooManyRequests, match="more than 3 open interactions, cases and workflows of one account"):
        shell.send(opens("pause_for_input", "d"))
    with pytest.raises(TooManyRequests):
        shell.send(StartCase("w", "content_moderation", {}, "client"))
    shell.send(StartCase("w", "content_moderation", {}, "client-2"))


def test_what_ends_makes_room_also_after_a_crash() -> None:
    shell = Shell(WorkflowMachine(max_open=1))
    shell.send(opens("pause_for_input", "a"))
    shell.recover()
    with pytest.raises(TooManyRequests):
        shell.send(opens("pause_for_input", "b"))
    shell.send(CancelInteraction("a", CLIENT))
    shell.send(opens("pause_for_input", "b"))
    shell.advance(3601)
    shell.send(opens("pause_for_input", "c"))


def test_an_account_holds_so_many_approvals_and_no_more() -> None:
    shell = Shell(ApprovalMachine(ApprovalRules(), max_open=2))
    first = shell.send(ask(approval_id="one"))
    shell.send(ask(approval_id="two"))
    with pytest.raises(TooManyRequests, match="more than 2 open approvals of one account"):
        shell.send(ask(approval_id="three"))
    assert shell.send(ask(approval_id="two")).approval_id == "two"
    shell.send(CancelApproval(first.approval_id, "agent", ""))
    shell.send(ask(approval_id="three"))


FOREIGN = ["/humanlayer/v1/function_calls", "/humanlayer/v1/contact_requests", "/label-studio/digits/webhook"]
"""Routes of other products' clients."""


@pytest.mark.parametrize("path", ["/v1/interactions", *FOREIGN])
async def test_the_bytes_of_a_day_are_counted_before_anything_looks_at_them(world: World, path: str) -> None:
    counts = Counts()
    limited(world, limits=RequestLimits(TERMS, counts, bytes_per_day=100_000))
    headers = {"authorization": "Bearer client", "content-type": "application/json", "idempotency-key": "k"}
    answers = [await world.http.post(path, content=b"[" * 40_000, headers=headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [400, 400, 429]
    assert (answers[2].headers["retry-after"], "100000 bytes of one account in 24 hours" in answers[2].text) == ("3600", True)
    assert (await world.call("POST", "/v1/interactions", "client-2", OPEN, idempotency_key="k")).status_code == 201


async def test_a_body_beyond_the_limit_is_refused_unread(world: World) -> None:
    limited(world, body_bytes=65_536)
    answer = await world.call("POST", "/v1/interactions", "client", OPEN | {"data": {"a": "x" * 65_536}}, idempotency_key="k")
    assert (answer.status_code, "65536" in answer.text) == (413, True)


async def test_an_account_holds_so_many_long_polls_and_others_go_on(world: World) -> None:
    limited(world, live_connections=2)
    opened = (await world.call("POST", "/v1/interactions", "client", OPEN, idempotency_key="k")).json()["interaction_id"]
    path = f"/v1/interactions/{opened}?wait=60"
    polls = [asyncio.create_task(world.call("GET", path, "client")) for _ in range(2)]
    await asyncio.sleep(0.05)
    refused = await world.call("GET", path, "client")
    assert (refused.status_code, refused.headers["retry-after"], "2 live connections" in refused.text) == (429, "10", True)
    assert (await world.call("GET", path.partition("?")[0], "client")).status_code == 200
    assert (await world.call("GET", "/v1/interactions/events", "client")).status_code == 429
    cancelled = await world.call("POST", f"/v1/interactions/{opened}/cancel", "operator", {"reason": "r"}, idempotency_key="k")
    assert (cancelled.status_code, {each.status_code for each in await asyncio.gather(*polls)}) == (200, {200})
    assert (await world.call("GET", path, "client")).status_code == 200


async def test_a_reviewer_cannot_keep_a_queue_for_a_day(world: World) -> None:
    await world.case("a")
    answer = await world.call("POST", "/v1/queues/digits/claim", "reviewer", {"lease_s": 86_400.0, "count": 50})
    assert (answer.status_code, "/lease_s" in answer.text) == (422, True)


async def test_a_reviewer_holds_no_more_than_a_person_can_answer(world: World) -> None:
    for number in range(103):
        await world.case(f"k{number}")
    body = {"lease_s": 3600.0, "count": 50}
    answers = [await world.call("POST", "/v1/queues/digits/claim", "reviewer", body) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert len((await world.call("POST", "/v1/queues/digits/claim", "reviewer-2", body)).json()["reviews"]) == 3
