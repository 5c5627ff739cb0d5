"""Rows 79 to 85, 91 to 95: who asks, how often, from where; and what else a request may carry."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from hitl.adapters.notify.webhook import Guard
from hitl.errors import ForbiddenDestination
from hitl.identity import Principal, Role
from hitl.outbox.destination import host_and_port
from hitl.outbox.signature import signed, verifies
from serve_app.http.limits import Buckets
from tests.edge.bodies import case
from tests.edge.row import GOOD, Ask, Probe, check_problem, check_silent, refused, taken
from tests.edge.stage import NOW, Stage

SECRET = b"s" * 32
LOOK = "/v1/queues"
SEES = {"GET": "reviewer", "POST": "client"}


def get(path: str, who: str | None, **headers: str | None) -> Ask:
    return Ask("GET", path, who, None, {name.replace("_", "-"): value for name, value in headers.items()})


def unknown(authorization: str | None) -> Probe:
    """401 with its challenge in both applications, the same whatever is wrong."""

    async def probe(stage: Stage) -> None:
        before = await stage.digest()
        for ask in (get(LOOK, None, authorization=authorization), replace(case(GOOD, authorization=authorization), who=None)):
            answer = await ask.send(stage)
            check_problem(answer, (401,))
            assert answer.headers["www-authenticate"] == "Bearer"
            check_silent(answer, ask)
        assert await stage.digest() == before

    return probe


def with_key(change: Callable[[Stage], Awaitable[str]]) -> Probe:
    """401 with the key that ``change`` makes."""

    async def probe(stage: Stage) -> None:
        await unknown(f"Bearer {await change(stage)}")(stage)

    return probe


async def expired(stage: Stage) -> str:
    return await stage.key(Principal("late", frozenset({Role.CLIENT, Role.REVIEWER})), expires_at=NOW)


async def revoked(stage: Stage) -> str:
    text = await stage.key(Principal("gone", frozenset({Role.CLIENT, Role.REVIEWER})))
    await stage.store.remove(text.split("_")[1])
    stage.now += 3
    return text


async def flipped(stage: Stage) -> str:
    text = stage.keys["reviewer"]
    return text[:-1] + chr(ord(text[-1]) ^ 1)


async def cut(stage: Stage) -> str:
    return stage.keys["reviewer"][:-1]


async def too_often(stage: Stage) -> None:
    """429 with Retry-After, in both applications."""
    stage.counting.wait_s = 12.0
    stage.gateway._ports = replace(stage.gateway._ports, buckets=Buckets(1.0, 1.0, lambda: 0.0))
    await taken(case(GOOD), 202)(stage)
    for ask in (case(GOOD), get(LOOK, "reviewer")):
        answer = await ask.send(stage)
        check_problem(answer, (429,))
        assert int(answer.headers["retry-after"]) >= 1


async def guesses(stage: Stage) -> None:
    """After 60 wrong keys the next are told to wait, in both applications; the right one comes in as ever."""
    wrong = {"authorization": "Bearer hitl_000000000000_" + "0" * 64}
    for ask in (get(LOOK, None, **wrong), replace(case(GOOD, **wrong), who=None)):
        before = await stage.digest()
        answers = [await ask.send(stage) for _ in range(100)]
        for answer, status in zip(answers, [401] * 60 + [429] * 40, strict=True):
            check_problem(answer, (status,))
        assert all(answer.headers["retry-after"] == "1" for answer in answers[60:])
        assert await stage.digest() == before
        await taken(replace(ask, who=SEES[ask.method], headers={}), 200, 202)(stage)


def forged(**headers: str) -> Probe:
    """A change with somebody's cookie, from a page that is not ours."""

    async def probe(stage: Stage) -> None:
        opened = await Ask("POST", "/v1/session", "reviewer", None, {"idempotency-key": None}).send(stage)
        assert opened.status_code == 201, opened.text
        cookie = opened.headers["set-cookie"].split(";")[0]
        ask = Ask("POST", "/v1/queues/digits/claim", None, {}, {"cookie": cookie, **headers})
        await refused(ask, 403)(stage)

    return probe


async def destinations(stage: Stage) -> None:
    """No webhook reaches inside, by whatever name; the address is checked when it is connected to."""
    for url in ("file:///etc/passwd", "https://u:p@host/", "gopher://x/", "https://[::1", "ftp://x/"):
        with pytest.raises(ForbiddenDestination):
            host_and_port(url)
    inside = ("127.0.0.1", "::1", "169.254.169.254", "10.0.0.1", "::ffff:10.0.0.1", "0.0.0.0", "fd00::1", "64:ff9b::7f00:1")
    for address in inside:
        with pytest.raises(ForbiddenDestination):
            await Guard((), False, _resolves_to(address))("https://receiver.example/hook")
    with pytest.raises(ForbiddenDestination):
        await Guard((), False, _resolves_to("93.184.216.34", "127.0.0.1"))("https://receiver.example:6379/")
    with pytest.raises(ForbiddenDestination):
        await Guard((), False, _resolves_to("93.184.216.34"))("http://receiver.example/")


def _resolves_to(*addresses: str) -> Any:
    async def look_up(host: str, port: int) -> list[str]:
        return list(addresses)

    return look_up


async def signatures(stage: Stage) -> None:
    """What a receiver is told with a wrong signature, too late, or with another body is not to be believed."""
    body = json.dumps({"a": 1}).encode()
    headers = signed("m-1", NOW, body, [SECRET])
    assert verifies(headers, body, SECRET, NOW + 299)
    assert not verifies(headers, body + b" ", SECRET, NOW)
    assert not verifies(headers, body, b"t" * 32, NOW)
    assert not verifies(headers, body, SECRET, NOW + 301)
    assert not verifies({**headers, "webhook-id": "m-2"}, body, SECRET, NOW)


def query(path: str, who: str, *statuses: int) -> Probe:
    return refused(get(path, who), *statuses)


DOORS: dict[int, list[Probe]] = {
    10: [refused(get("/v1/nothing", "client"), 404), refused(get("/v1/tasks/digits/nothing", "client"), 404)],
    79: [
        unknown(text)
        for text in (None, "", "Bearer", "Bearer ", "Basic cmV2aWV3ZXI6cGFzc3dvcmQ=", "Bearer hitl_0_0", "Digest x=y")
    ],
    80: [
        unknown(f"Bearer {token}")
        for token in (
            "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.",
            "eyJhbGciOiJIUzI1NiIsImtpZCI6Ii4uLy4uL2V0Yy9wYXNzd2QifQ.e30.AAAA",
        )
    ],
    81: [with_key(expired), with_key(revoked)],
    82: [with_key(flipped), with_key(cut)],
    83: [
        refused(get("/v1/accounts", "reviewer"), 403),
        refused(get("/v1/journal", "reviewer"), 403),
        refused(Ask("PUT", "/v1/accounts/eve", "reviewer", {"roles": ["admin"]}), 403),
        refused(Ask("POST", "/v1/models/digits/rollback", "reviewer", {"digest": "e" * 64, "reason": "mine"}), 403),
        refused(replace(case(GOOD), who="reviewer"), 403),
    ],
    84: [guesses],
    85: [too_often],
    91: [forged(), forged(origin="http://evil"), forged(origin="null"), forged(**{"sec-fetch-site": "cross-site"})],
    92: [destinations],
    93: [signatures],
    94: [
        query("/v1/examples?task=digits&after=-1.0", "trainer", 400),
        query("/v1/examples?task=digits&after=1.2.3", "trainer", 400),
        query("/v1/examples?task=digits&after=forged-cursor", "trainer", 400),
        *(query(f"/v1/examples?task=digits&limit={n}", "trainer", 400) for n in ("0", "-1", "1000000000", "1e3")),
        query("/v1/approvals?cursor=-1", "approver", 400),
        query("/v1/queues/digits/events?cursor=forged-cursor", "reviewer", 400),
        query("/v1/interactions/events?cursor=-7", "reviewer", 400),
    ],
    95: [
        query("/v1/approvals?status=__dict__", "approver", 400),
        query("/v1/approvals?kind=__class__", "approver", 400),
        query("/v1/interactions?status=secrets", "reviewer", 400),
        taken(get("/v1/approvals?sort=__dict__", "approver"), 200),
    ],
    46: [
        *(
            query(f"/v1/models/digits/at?time={time}", "client", 400)
            for time in ("0000-01-01T00:00:00Z", "9999-99-99T00:00:00Z", "2026-01-01T00:00:00", "2026-06-30T23:59:60Z", "1e20")
        ),
        refused(Ask("POST", "/v1/approvals/absences", "approver", {"until": "2026-01-01T00:00:00"}), 422),
        refused(Ask("POST", "/v1/approvals/absences", "approver", {"until": "0000-01-01T00:00:00Z"}), 422),
        refused(Ask("POST", "/v1/approvals/absences", "approver", {"until": 1e20}), 422),
    ],
}
