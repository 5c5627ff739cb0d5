"""A client sends one body that the service would keep many times over: what is stored is no more than what was sent."""

import json
from typing import Any

import pytest

from hitl.workflow.evolve import evolve
from hitl.workflow.opening import topic_of
from hitl.workflow.questions import InteractionOf
from tests.fakes.workflows import CLIENT, shard
from tests.review_app.conftest import World
from tests.workflow.test_patterns import opens

LONG = '"' * 50_000
ALL = [f"approver-of-the-group-{number}" for number in range(100)]
MOST_TIMES, BESIDE = 3, 8 * 1024


def interaction(pattern: str, config: dict[str, Any], data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "/v1/interactions", {"pattern": pattern, "pipeline_name": "p", "step_name": "s", "config": config, "data": data}


ATTACKS = [
    interaction("multi_approval", {"approvers": ALL}, {"a": LONG}),
    interaction("multi_approval", {"approvers": ALL}, {}),
    interaction("review_and_approve", {}, {"generated_content": LONG}),
    interaction("human_fallback", {}, {"a": LONG}),
    interaction("iterative_refinement", {}, {"current_result": LONG}),
    interaction("iterative_refinement", {}, {"current_result": [0] * 19_000}),
    interaction("collaborative_decision", {"stakeholders": ALL}, {"a": LONG}),
    ("/v1/workflows/cases", {"workflow_type": "content_moderation", "request_data": {"a": LONG}}),
    ("/v1/approvals", {"kind": "ai_decision", "title": "t", "context": {"a": LONG}, "description": "d" * 20_000}),
]


async def stored(world: World) -> int:
    """The bytes of all journals."""
    read = [await journal.read(0, 10**6) for journal in world.shards.journals.values()]
    return sum(len(entry.body) for entries in read for entry in entries)


async def growth(world: World, path: str, body: dict[str, Any]) -> tuple[Any, int]:
    before = await stored(world)
    answer = await world.call("POST", path, "client", body, idempotency_key=f"k{before}")
    assert answer.status_code in (200, 201), answer.text
    return answer.json(), await stored(world) - before


@pytest.mark.parametrize(("path", "body"), ATTACKS)
async def test_a_body_is_stored_once(world: World, path: str, body: dict[str, Any]) -> None:
    _, grown = await growth(world, path, body)
    assert grown <= MOST_TIMES * len(json.dumps(body)) + BESIDE


async def test_a_hundred_requests_are_withdrawn_by_one_small_event(world: World) -> None:
    opened, _ = await growth(world, *interaction("multi_approval", {"approvers": ALL}, {}))
    _, grown = await growth(world, f"/v1/interactions/{opened['interaction_id']}/cancel", {"reason": "done"})
    assert grown <= BESIDE
    part = await world.call("GET", f"/v1/interactions/{opened['interaction_id']}_{ALL[0]}", "operator")
    assert (part.json()["status"], part.json()["closed_by"]) == ("cancelled", "approval")


async def test_every_approver_still_sees_what_is_asked(world: World) -> None:
    opened, _ = await growth(world, *interaction("multi_approval", {"approvers": ["ann", "bob"]}, {"a": 1}))
    part = (await world.call("GET", f"/v1/interactions/{opened['interaction_id']}_bob", "operator")).json()
    assert (part["details"]["approval_data"], part["parent"]) == ({"a": 1}, opened["interaction_id"])


def test_what_an_older_journal_repeats_is_shown_as_it_stands() -> None:
    shell = shard(opens("human_fallback"))
    (event,) = shell.effects()[0].events
    old = type(event)(**{**_fields(event), "details": {**event.details, "original_data": {"rows": "as they were"}}})
    evolve(shell.state, old, shell.now)
    assert shell.ask(InteractionOf("i", CLIENT)).details["original_data"] == {"rows": "as they were"}


def test_a_part_is_waited_for_with_its_request() -> None:
    request = "123e4567-e89b-42d3-a456-426614174000"
    assert topic_of(f"{request}_ann_b") == topic_of(request) == request
    assert topic_of("flow-data_prep-1") == "flow-data_prep-1"


@pytest.mark.parametrize("rounds", [51, 10**6])
async def test_rounds_that_repeat_each_other_are_few(world: World, rounds: int) -> None:
    path, body = interaction("iterative_refinement", {"max_iterations": rounds}, {})
    answer = await world.call("POST", path, "client", body, idempotency_key="k")
    assert (answer.status_code, "/config/max_iterations" in answer.text) == (422, True)


def _fields(event: Any) -> dict[str, Any]:
    return {name: getattr(event, name) for name in event.__struct_fields__}
