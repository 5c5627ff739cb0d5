"""The live messages of a queue: nothing missed over a reconnect, a lost lease told to its holder alone."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from hitl.identity import Principal, Role
from serve_app.api.live.queue_stream import Cursor, queue_messages
from tests.review_app.conftest import PARTITIONS, World


def _stream(world: World, who: str, cursor: Cursor | None = None) -> AsyncIterator[dict[str, Any]]:
    async def person() -> Principal:
        return Principal(who, frozenset({Role.REVIEWER}))

    return queue_messages(world.shards, "digits", person, cursor or [0] * PARTITIONS)


async def _next(stream: AsyncIterator[dict[str, Any]]) -> dict[str, Any]:
    return await asyncio.wait_for(anext(stream), 5)


async def test_a_new_review_and_its_withdrawal_are_told(world: World) -> None:
    stream = _stream(world, "reviewer")
    await world.case("a")
    assert (await _next(stream))["type"] == "review_new"
    review = await world.claim("reviewer-2")
    told = await _next(stream)
    assert (told["type"], told["data"]["review_id"]) == ("review_withdrawn", review["review_id"])
    await stream.aclose()  # type: ignore[attr-defined]


async def test_who_comes_back_with_the_cursor_misses_nothing(world: World) -> None:
    stream = _stream(world, "reviewer")
    await world.case("a")
    cursor = [int(part) if part else None for part in (await _next(stream))["cursor"].split(".")]
    await stream.aclose()  # type: ignore[attr-defined]
    await world.claim("reviewer-2")
    again = _stream(world, "reviewer", cursor)
    assert (await _next(again))["type"] == "review_withdrawn"
    await again.aclose()  # type: ignore[attr-defined]


@pytest.mark.parametrize(("who", "types"), [("reviewer", ["review_new", "lease_lost"]), ("reviewer-2", ["review_new"])])
async def test_only_its_holder_hears_of_a_lost_lease(world: World, who: str, types: list[str]) -> None:
    await world.case("a")
    review = await world.claim("reviewer")
    path = f"/v1/reviews/{review['review_id']}/assign"
    await world.call("POST", path, "expert", {"to": "person:reviewer-2"})
    stream = _stream(world, who)
    told = [(await _next(stream))["type"] for _ in range(2 + len(types))]
    assert told == ["review_new", "review_withdrawn", *types]
    await stream.aclose()  # type: ignore[attr-defined]


BAD = [
    ("/v1/queues/digits.expert/events", "reviewer", 403),
    ("/v1/queues/letters/events", "reviewer", 404),
    ("/v1/queues/digits/events?cursor=x.y", "reviewer", 400),
    ("/v1/queues/digits/events?cursor=1", "reviewer", 400),
]


@pytest.mark.parametrize(("path", "who", "status"), BAD)
async def test_a_stream_that_cannot_be_had_is_refused(world: World, path: str, who: str, status: int) -> None:
    assert (await world.call("GET", path, who)).status_code == status
