"""What a person chooses of the console, kept for the account."""

from typing import Any

import pytest

from tests.review_app.conftest import World

NOTHING = {"tour": None, "theme": None, "language": None, "density": None}
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


@pytest.mark.parametrize("body", [{"theme": "pink"}, {"tour": True}, {"tour": "x" * 100_000}, {"colour": "red"}, ["dark"]])
async def test_what_nobody_can_choose_changes_nothing(world: World, body: Any) -> None:
    before = await world.state()
    assert (await world.call("PUT", PATH, "reviewer", body, idempotency_key="1")).status_code in (413, 422)
    assert await world.state() == before
