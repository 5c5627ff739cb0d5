"""Amazon's signatures, by somebody who knows a key's id and not its secret."""

import json
from collections.abc import AsyncIterator
from secrets import token_bytes

import httpx2
import pytest

from hitl.identity import Principal, Role
from hitl.identity.keys import issue
from serve_app.http.authentication import GUESSES_AT_ONCE
from tests.clients.signer import signed
from tests.clients.test_human_loops import BASE, FLOW, KEY, Loops
from tests.review_app.conftest import World

UNKNOWN, SECRETLESS = "ffffffffffff", "b1b2c3d4e5f6"


@pytest.fixture
async def loops() -> AsyncIterator[Loops]:
    made = Loops(World())
    await made.world.shards.start()
    await made.prepare()
    await made.keys.put(
        issue(Principal("other", frozenset({Role.CLIENT})), made.world.ports.wall(), token_bytes, SECRETLESS, None)[1]
    )
    yield made
    await made.world.http.aclose()
    await made.world.shards.stop()


async def attempt(loops: Loops, key: str = KEY, secret: str = "guessed", name: str = "loop-1") -> httpx2.Response:
    path = f"{BASE}/{name}"
    return await loops.world.http.request("GET", path, headers=signed("GET", path, {}, b"", key, secret, "hitl"))


async def test_guesses_at_a_secret_are_limited_and_the_right_one_is_not_held_up(loops: Loops) -> None:
    answers = [await attempt(loops) for _ in range(int(GUESSES_AT_ONCE) + 40)]
    assert answers[0].status_code == 401
    assert answers[-1].status_code == 429
    assert answers[-1].headers["x-amzn-errortype"] == "ThrottlingException"
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert (await loops.start()).status_code == 200


async def test_no_refusal_tells_which_ids_are_keys_or_have_a_secret(loops: Loops) -> None:
    refused = [await attempt(loops, key) for key in (KEY, SECRETLESS, UNKNOWN)]
    assert [each.status_code for each in refused] == [401, 401, 401]
    assert len({each.content for each in refused}) == 1


async def test_a_secret_signs_for_its_own_key_alone(loops: Loops) -> None:
    assert (await loops.start()).status_code == 200
    assert (await attempt(loops, KEY, loops.secret)).status_code == 200
    assert (await attempt(loops, SECRETLESS, loops.secret)).status_code == 401


async def test_a_recorded_request_that_is_sent_again_changes_nothing(loops: Loops) -> None:
    said = {"HumanLoopName": "loop-1", "FlowDefinitionArn": FLOW, "HumanLoopInput": {"InputContent": '{"text": "a"}'}}
    body = json.dumps(said).encode()
    recorded = signed("POST", BASE, {}, body, KEY, loops.secret, "hitl")
    sent = [await loops.world.http.request("POST", BASE, content=body, headers=recorded)]
    assert (await loops.call("POST", "/stop", {"HumanLoopName": "loop-1"})).status_code == 200
    sent.append(await loops.world.http.request("POST", BASE, content=body, headers=recorded))
    assert [each.status_code for each in sent] == [200, 200]
    assert (await loops.call("GET", "/loop-1")).json()["HumanLoopStatus"] == "Stopped"


async def test_nobody_on_the_way_adds_a_header_that_has_an_effect(loops: Loops) -> None:
    path = f"{BASE}/loop-1"
    await loops.start()
    recorded = signed("DELETE", path, {}, b"", KEY, loops.secret, "hitl")
    changed = await loops.world.http.request("DELETE", path, headers=recorded | {"idempotency-key": "another"})
    assert changed.status_code == 401
    assert (await loops.call("GET", "/loop-1")).json()["HumanLoopStatus"] == "InProgress"


async def test_a_body_is_not_parsed_before_its_signature_holds(loops: Loops) -> None:
    headers = signed("POST", BASE, {}, b"{", KEY, "guessed", "hitl")
    assert (await loops.world.http.request("POST", BASE, content=b"{", headers=headers)).status_code == 401
