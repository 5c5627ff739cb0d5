"""The list of what waits in a queue: to look at, most pressing first."""

from hitl.routing.route import Priority
from tests.review_app.conftest import World


async def test_the_most_pressing_comes_first_and_nothing_is_leased(world: World) -> None:
    later, urgent = await world.case("a"), await world.case("b", priority=Priority.URGENT)
    listed = (await world.call("GET", "/v1/queues/digits/reviews", "reviewer")).json()["reviews"]
    assert [row["case_id"] for row in listed] == [urgent, later]
    assert [row["lease"] for row in listed] == [None, None]


async def test_the_list_ends_at_its_limit(world: World) -> None:
    for at in range(5):
        await world.case(str(at))
    answer = await world.call("GET", "/v1/queues/digits/reviews?limit=3", "reviewer")
    assert len(answer.json()["reviews"]) == 3


async def test_the_list_of_a_strange_task_is_not_there(world: World) -> None:
    assert (await world.call("GET", "/v1/queues/digits/reviews", "stranger")).status_code == 404
    assert (await world.call("GET", "/v1/queues/digits.other/reviews", "reviewer")).status_code == 404


async def test_clients_do_not_see_what_waits(world: World) -> None:
    assert (await world.call("GET", "/v1/queues/digits/reviews", "client")).status_code == 403
