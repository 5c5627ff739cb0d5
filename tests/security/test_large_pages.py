"""One account's large objects in everybody's lists: a page is bounded by what it holds, not by its number of objects alone."""

from typing import Any

from hitl.machine.shards import WORKFLOW
from hitl.weight import PAGE_WEIGHT, cut_page, weight_of
from hitl.workflow.questions import Changes
from tests.review_app.conftest import World

LARGE = "x" * 600_000
MANY = 6
STEP = {"pattern": "review_and_approve", "config": {"assignees": ["reviewer"]}, "data": {"text": LARGE}}


async def open_many(world: World) -> None:
    for number in range(MANY):
        made = await world.call("POST", "/v1/interactions", "client", STEP, idempotency_key=f"k{number}")
        assert made.status_code == 201, made.text


async def page(world: World, path: str, who: str) -> dict[str, Any]:
    answer = await world.call("GET", path, who)
    assert answer.status_code == 200
    assert len(answer.content) < PAGE_WEIGHT + 100_000
    found: dict[str, Any] = answer.json()
    return found


async def test_a_list_of_large_interactions_is_cut_and_says_so(world: World) -> None:
    await open_many(world)
    for path, who in (("/v1/interactions", "client"), ("/v1/interactions", "operator"), ("/v1/interactions/pending", "reviewer")):
        found = await page(world, path, who)
        assert (len(found["interactions"]), found["is_cut"]) == (3, True), path
    small = await page(world, "/v1/interactions?limit=2", "client")
    assert (len(small["interactions"]), small["is_cut"]) == (2, False)


async def test_a_list_of_large_workflows_is_cut_and_says_so(world: World) -> None:
    case = {"workflow_type": "decision", "request_data": {"text": LARGE}}
    for number in range(MANY):
        await world.call("POST", "/v1/workflows/cases", "client", case, idempotency_key=f"k{number}")
    found = await page(world, "/v1/workflows", "operator")
    assert (len(found["workflows"]), found["is_cut"]) == (3, True)


async def test_a_page_of_large_approvals_ends_earlier_and_none_is_left_out(world: World) -> None:
    ask = {"kind": "custom", "title": "May we?", "context": {"text": LARGE}}
    made = [await world.call("POST", "/v1/approvals", "client", ask, idempotency_key=f"k{number}") for number in range(MANY)]
    seen, cursor = list[str](), 0
    for _ in range(MANY):
        found = await page(world, f"/v1/approvals?cursor={cursor}", "approver")
        seen += [each["approval_id"] for each in found["approvals"]]
        if found["next"] is None:
            break
        cursor = found["next"]
    assert seen == [each.json()["approval_id"] for each in made]


async def test_who_listens_gets_large_changes_one_page_after_the_other(world: World) -> None:
    await open_many(world)
    numbers, cursor = list[int](), 0
    for _ in range(MANY):
        found = await world.shards.ask(WORKFLOW, Changes(cursor))
        assert weight_of(found.changes) < PAGE_WEIGHT + 10
        numbers, cursor = [*numbers, *(each.number for each in found.changes)], found.cursor
    assert numbers == list(range(1, numbers[-1] + 1))
    assert len(numbers) >= MANY


def test_one_object_that_is_larger_than_a_page_is_shown_alone() -> None:
    assert cut_page(["a" * 50, "b"], 2, most=10) == (["a" * 50], True)
