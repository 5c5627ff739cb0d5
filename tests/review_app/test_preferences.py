"""What a person chooses of the console, kept for the account."""

from typing import Any

import pytest

from tests.review_app.conftest import World

NOTHING = {"tour": None, "theme": None, "language": None, "density": None, "views": None}
PATH = "/v1/me/preferences"


async def test_what_a_person_chose_is_theirs_and_nobody_elses(world: World) -> None:
    assert (await world.call("GET", PATH, "reviewer")).json() == NOTHING
    kept = await world.call("PUT", PATH, "reviewer", {"tour": "taken", "theme": "dark"}, idempotency_key="1")
    assert kept.json() == {**NOTHING, "tour": "taken", "theme": "dark"}
    assert (await world.call("GET", PATH, "reviewer")).json() == kept.json()
    assert (await world.call("GET", PATH, "expert")).json() == NOTHING


async def test_what_is_left_out_is_chosen_no_more(world: World) -> None:
    await world.call("PUT", PATH, "reviewer", {"theme": "dark"}, idempotency_key="1")
    assert (await world.call("PUT", PATH, "reviewer", {}, idempotency_key="2")).json() == NOTHING


async def test_saved_views_are_kept_in_their_order(world: World) -> None:
    views = [{"name": "slow ones", "query": "status=waiting&days=7"}, {"name": "all", "query": ""}]
    await world.call("PUT", PATH, "reviewer", {"views": views}, idempotency_key="1")
    assert (await world.call("GET", PATH, "reviewer")).json() == {**NOTHING, "views": views}
    assert (await world.call("PUT", PATH, "reviewer", {"views": []}, idempotency_key="2")).json() == {**NOTHING, "views": []}


WRONG_VIEWS = [
    [{"name": " ", "query": ""}],
    [{"name": "x" * 61, "query": ""}],
    [{"name": "x", "query": "q" * 501}],
    [{"name": "x", "query": ""}] * 2,
    [{"name": f"v{at}", "query": ""} for at in range(31)],
]
WRONG = [{"theme": "pink"}, {"tour": True}, {"tour": "x" * 100_000}, {"colour": "red"}, ["dark"]]


@pytest.mark.parametrize("body", [*WRONG, *({"views": views} for views in WRONG_VIEWS)])
async def test_what_nobody_can_choose_changes_nothing(world: World, body: Any) -> None:
    before = await world.state()
    assert (await world.call("PUT", PATH, "reviewer", body, idempotency_key="1")).status_code in (413, 422)
    assert await world.state() == before
