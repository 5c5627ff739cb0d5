"""Amazon A2I's runtime, by signed requests as boto3 sends them, without boto3."""

import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from secrets import token_bytes
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest

from hitl.identity import Principal, Role
from hitl.identity.keys import issue
from hitl.identity.memory import MemoryKeys, MemoryOneTime, MemorySessions
from serve_app.http.authentication import Authenticator
from serve_app.http.sessions import SignIn
from tests.clients.signer import signed
from tests.review_app.conftest import World

FLOW = "arn:aws:sagemaker:local:000000000000:flow-definition/digits"
KEY = "a1b2c3d4e5f6"
BASE = "/a2i/human-loops"


class Loops:
    """A caller with a signing secret; ``files`` is what was stored."""

    def __init__(self, world: World) -> None:
        self.world, self.keys, self.files, self.secret = world, MemoryKeys(), dict[str, bytes](), ""

    async def prepare(self) -> None:
        await self.keys.put(issue(Principal("client", frozenset({Role.CLIENT})), time.time(), token_bytes, KEY, None)[1])
        door = SignIn(Authenticator(self.keys), MemorySessions(), MemoryOneTime(time.monotonic))
        self.world.ports = replace(self.world.ports, door=door, accounts=self.keys, keep_output=self.keep)
        self.world.serve()
        self.secret = (await self.make_secret("client", "s")).json()["secret_access_key"]

    async def make_secret(self, who: str, key: str) -> httpx2.Response:
        return await self.world.call("POST", f"/v1/keys/{KEY}/signing-secret", who, idempotency_key=key)

    async def keep(self, place: str, data: bytes) -> str:
        self.files[place] = data
        return f"file:///out/{place}"

    async def call(
        self, method: str, path: str = "", body: Any = None, secret: str | None = None, **query: str
    ) -> httpx2.Response:
        data = b"" if body is None else json.dumps(body).encode()
        headers = signed(method, BASE + path, query, data, KEY, secret or self.secret, "hitl")
        url = f"{BASE}{path}?{urlencode(query)}" if query else BASE + path
        return await self.world.http.request(method, url, content=data, headers=headers)

    async def start(self, name: str = "loop-1", content: Any = None, **changes: Any) -> httpx2.Response:
        given = {"InputContent": json.dumps({"text": "a seven?"} if content is None else content)}
        return await self.call("POST", "", {"HumanLoopName": name, "FlowDefinitionArn": FLOW, "HumanLoopInput": given, **changes})

    async def answer(self, label: str = "7") -> None:
        waiting = (await self.world.call("GET", "/v1/interactions/pending", "reviewer")).json()["interactions"][0]
        path = f"/v1/interactions/{waiting['interaction_id']}/answer"
        await self.world.call("POST", path, "reviewer", {"user_input": {"label": label}}, idempotency_key="a")


@pytest.fixture
async def loops() -> AsyncIterator[Loops]:
    made = Loops(World())
    await made.world.shards.start()
    await made.prepare()
    yield made
    await made.world.http.aclose()
    await made.world.shards.stop()


async def test_a_loop_goes_from_its_start_to_an_output_file(loops: Loops) -> None:
    assert (await loops.start()).json() == {"HumanLoopArn": "arn:aws:sagemaker:local:000000000000:human-loop/loop-1"}
    assert (await loops.call("GET", "/loop-1")).json()["HumanLoopStatus"] == "InProgress"
    await loops.answer()
    told = (await loops.call("GET", "/loop-1")).json()
    assert told["HumanLoopStatus"] == "Completed"
    output = json.loads(loops.files[told["HumanLoopOutput"]["OutputS3Uri"].removeprefix("file:///out/")])
    assert (output["inputContent"], output["humanAnswers"][0]["workerId"]) == ({"text": "a seven?"}, "reviewer")
    assert output["humanAnswers"][0]["answerContent"]["label"] == "7"


async def test_the_same_start_is_one_loop_and_another_one_under_its_name_a_conflict(loops: Loops) -> None:
    assert [(await loops.start()).status_code for _ in "ab"] == [200, 200]
    other = await loops.start(content={"text": "other"})
    assert (other.status_code, other.headers["x-amzn-errortype"]) == (409, "ConflictException")
    assert "Message" in other.json()


async def test_stop_and_delete_withdraw_a_loop_and_keep_the_history_of_one_that_is_over(loops: Loops) -> None:
    await loops.start("a")
    await loops.start("b")
    assert (await loops.call("POST", "/stop", {"HumanLoopName": "a"})).json() == {}
    assert (await loops.call("GET", "/a")).json()["HumanLoopStatus"] == "Stopped"
    assert (await loops.call("DELETE", "/b")).status_code == 200
    refused = await loops.call("DELETE", "/b")
    assert (refused.status_code, refused.headers["x-amzn-errortype"]) == (400, "ValidationException")


async def test_a_list_is_of_one_flow_in_pages(loops: Loops) -> None:
    for name in "abc":
        await loops.start(name)
    first = (await loops.call("GET", FlowDefinitionArn=FLOW, MaxResults="2", SortOrder="Ascending")).json()
    rest = (await loops.call("GET", FlowDefinitionArn=FLOW, NextToken=first["NextToken"], SortOrder="Ascending")).json()
    names = [row["HumanLoopName"] for row in (*first["HumanLoopSummaries"], *rest["HumanLoopSummaries"])]
    assert (names, rest["NextToken"]) == (["a", "b", "c"], None)
    assert (await loops.call("GET", FlowDefinitionArn=FLOW + "2")).json()["HumanLoopSummaries"] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"HumanLoopName": "Upper"},
        {"FlowDefinitionArn": "digits"},
        {"HumanLoopInput": {"InputContent": "[1]"}},
        {"HumanLoopInput": {"InputContent": "{"}},
        {"More": 1},
    ],
)
async def test_what_does_not_fit_is_a_validation_error_and_opens_nothing(loops: Loops, changes: dict[str, Any]) -> None:
    before = await loops.world.state()
    refused = await loops.start(**changes)
    assert (refused.status_code, refused.headers["x-amzn-errortype"]) == (400, "ValidationException")
    assert await loops.world.state() == before


async def test_a_task_that_there_is_none_of_is_not_found(loops: Loops) -> None:
    assert (await loops.start(FlowDefinitionArn=FLOW[:-6] + "nothing")).headers["x-amzn-errortype"] == "ResourceNotFoundException"


async def test_another_secret_a_bearer_key_and_no_signature_are_refused(loops: Loops) -> None:
    before = await loops.world.state()
    assert (await loops.call("GET", "/loop-1", secret="guessed")).status_code == 401
    assert (await loops.world.call("GET", f"{BASE}/loop-1", "client")).status_code == 401
    assert (await loops.world.call("POST", BASE, None, {})).status_code == 401
    assert await loops.world.state() == before


async def test_a_changed_body_is_refused(loops: Loops) -> None:
    headers = signed("POST", f"{BASE}/stop", {}, b'{"HumanLoopName": "a"}', KEY, loops.secret, "hitl")
    answer = await loops.world.http.request("POST", f"{BASE}/stop", content=b'{"HumanLoopName": "b"}', headers=headers)
    assert answer.status_code == 401


async def test_the_secret_ends_with_its_key(loops: Loops) -> None:
    await loops.keys.remove(KEY)
    loops.world.ports.the_door.keys._read_at = float("-inf")
    assert (await loops.start()).status_code == 401


async def test_a_secret_is_shown_once_to_the_owner_of_the_key_alone(loops: Loops) -> None:
    assert (await loops.make_secret("client", "again")).status_code == 409
    assert (await loops.make_secret("client-2", "mine")).status_code == 404
    assert (await loops.make_secret("operator", "theirs")).status_code == 404
    assert loops.secret not in await loops.world.state()


async def test_the_making_of_a_secret_stands_in_the_access_journal(loops: Loops) -> None:
    assert "signing_secret" in await loops.world.state()


async def test_loops_of_another_account_do_not_exist(loops: Loops) -> None:
    await loops.start()
    other = issue(Principal("client-2", frozenset({Role.CLIENT})), time.time(), token_bytes, "ffffffffffff", None)[1]
    await loops.keys.put(other)
    loops.world.ports.the_door.keys._read_at = float("-inf")
    path = "/v1/keys/ffffffffffff/signing-secret"
    secret = (await loops.world.call("POST", path, "client-2", idempotency_key="o")).json()["secret_access_key"]
    headers = signed("GET", f"{BASE}/loop-1", {}, b"", "ffffffffffff", secret, "hitl")
    assert (await loops.world.http.request("GET", f"{BASE}/loop-1", headers=headers)).status_code == 404
