"""A reader of events who reads nothing is dropped, and one person has so many at a time and no more."""

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from typing import Any

import pytest

from hitl.errors import TooManyRequests, Unauthenticated
from hitl.identity import Principal
from serve_app.api.live.event_stream import EventStream
from serve_app.api.live.held import HeldConnections
from serve_app.api.services.callers import reauthenticate
from tests.review_app.conftest import World

SCOPE = {"type": "http", "asgi": {"spec_version": "2.4"}}


async def events() -> AsyncIterator[str]:
    while True:
        yield "data: {}\n\n"


async def receive() -> MutableMapping[str, Any]:
    await asyncio.Event().wait()
    raise AssertionError("nobody sends anything")


async def test_a_reader_that_takes_nothing_is_dropped_and_counts_no_more() -> None:
    held, sent = HeldConnections(1), list[str]()

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message["type"])
        assert held.count("ada") == 1
        if len(sent) == 3:
            await asyncio.Event().wait()

    await EventStream(events(), "ada", held, timeout_s=0.01)(SCOPE, receive, send)
    assert sent == ["http.response.start", "http.response.body", "http.response.body"]
    assert held.count("ada") == 0


def test_one_more_than_allowed_is_refused_for_that_person_alone() -> None:
    held = HeldConnections(2)
    with held.place("ada"), held.place("ada"):
        with pytest.raises(TooManyRequests):
            EventStream(events(), "ada", held)
        assert EventStream(events(), "ben", held).media_type == "text/event-stream"


async def test_an_open_connection_ends_when_its_key_is_somebody_elses(world: World) -> None:
    assert (await reauthenticate(world.ports, Principal("reviewer", frozenset()), "Bearer reviewer")).roles
    with pytest.raises(Unauthenticated, match="another owner"):
        await reauthenticate(world.ports, Principal("reviewer", frozenset()), "Bearer reviewer-2")
