"""HEAD is GET without a body on every route, and a wrong method is told all the right ones."""

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from serve_app.http.asgi import AnswersHead
from tests.review_app.conftest import World


@pytest.mark.parametrize("path", ["/health", "/ready", "/v1/queues", "/v1/approvals", "/v1/audit", "/v1/nosuch", "/v1/models/x"])
async def test_head_is_answered_as_get_without_the_body(world: World, path: str) -> None:
    asked, headed = await world.call("GET", path, "operator"), await world.call("HEAD", path, "operator")
    assert (headed.status_code, headed.content) == (asked.status_code, b"")
    assert headed.headers.get("content-type") == asked.headers.get("content-type")


async def test_head_needs_the_rights_of_get(world: World) -> None:
    assert (await world.call("HEAD", "/v1/queues", None)).status_code == 401
    assert (await world.call("HEAD", "/v1/journal", "client")).status_code == 403


async def test_a_stream_ends_once_its_head_is_sent() -> None:
    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["method"] == "GET"
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while (await receive())["type"] != "http.disconnect":
            await send({"type": "http.response.body", "body": b"more", "more_body": True})

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    await asyncio.wait_for(AnswersHead(stream)({"type": "http", "method": "HEAD"}, receive, send), 5)
    assert [(message["type"], message.get("body")) for message in sent] == [
        ("http.response.start", None),
        ("http.response.body", b""),
    ]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PATCH", "/v1/session", {"GET", "HEAD", "POST", "DELETE"}),
        ("PATCH", "/v1/approvals", {"GET", "HEAD", "POST"}),
        ("DELETE", "/health", {"GET", "HEAD"}),
        ("GET", "/v1/reviews/x/decision", {"POST"}),
        ("POST", "/v1/accounts/bob", {"PUT"}),
    ],
)
async def test_a_wrong_method_is_told_every_right_one(world: World, method: str, path: str, allowed: set[str]) -> None:
    answer = await world.call(method, path, "operator", {} if method != "GET" else None, idempotency_key="a")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == allowed
