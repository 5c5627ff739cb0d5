"""Which part of the service changed: heard by who listens, and after a reconnect."""

from contextlib import aclosing

from hitl.identity import Principal, Role
from serve_app.api.live.changes import ChangeFeed
from tests.review_app.conftest import PARTITIONS, World


async def operator() -> Principal:
    return Principal("olga", frozenset({Role.OPERATOR}))


async def test_a_listener_hears_which_part_changed_and_nothing_of_what(world: World) -> None:
    async with aclosing(ChangeFeed(world.shards, PARTITIONS).listen("", operator)) as stream:
        first = await anext(stream)
        await world.case("a")
        second = await anext(stream)
    assert (first.topics, second.topics) == ([], ["reviews"])
    assert "case" not in second.changes


async def test_who_comes_back_with_the_cursor_hears_at_once_what_changed_meanwhile(world: World) -> None:
    async with aclosing(ChangeFeed(world.shards, PARTITIONS).listen("", operator)) as stream:
        cursor = (await anext(stream)).changes
    await world.case("a")
    async with aclosing(ChangeFeed(world.shards, PARTITIONS).listen(cursor, operator)) as stream:
        assert (await anext(stream)).topics == ["reviews"]


async def test_a_cursor_that_is_none_of_ours_starts_now(world: World) -> None:
    async with aclosing(ChangeFeed(world.shards, PARTITIONS).listen("x:y;<script>", operator)) as stream:
        assert (await anext(stream)).topics == []
