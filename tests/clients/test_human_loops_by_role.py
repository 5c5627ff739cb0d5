"""Amazon A2I's operations by role, bounds and limits of the key that signs: what the native routes give to the same account."""

import json
import time
from dataclasses import replace
from secrets import token_bytes
from typing import Any

import httpx2
import pytest

from hitl.identity import Principal, Role
from hitl.identity.keys import issue
from serve_app.http.limits import RequestLimits
from tests.clients.signer import signed
from tests.clients.test_human_loops import BASE, FLOW, Loops, loops
from tests.security.test_what_one_account_holds import TERMS, Counts

__all__ = ["loops"]

OPENS = {Role.CLIENT, Role.TRAINER, Role.OPERATOR, Role.ADMIN}
"""As ``POST /v1/interactions`` in tests/identity/authorisation.yaml."""

START = {"HumanLoopName": "by-role", "FlowDefinitionArn": FLOW, "HumanLoopInput": {"InputContent": '{"text": "a seven?"}'}}


class Signer:
    """An account with a key and its signing secret."""

    def __init__(self, loops: Loops, who: Principal, key_id: str = "0123456789ab") -> None:
        self._loops, self._who, self._key_id, self._secret = loops, who, key_id, ""

    async def prepare(self) -> None:
        await self._loops.keys.put(issue(self._who, time.time(), token_bytes, self._key_id, None)[1])
        ports = self._loops.world.ports
        ports.the_door.keys._read_at = float("-inf")
        ports = self._loops.world.ports = replace(ports, authenticate=self._always)
        self._loops.world.serve()
        path = f"/v1/keys/{self._key_id}/signing-secret"
        made = await self._loops.world.call("POST", path, "it", idempotency_key="s")
        self._secret = made.json()["secret_access_key"]

    async def _always(self, authorization: str | None) -> Principal:
        return self._who

    async def call(self, method: str, path: str = "", body: Any = None, **query: str) -> httpx2.Response:
        data = b"" if body is None else json.dumps(body).encode()
        headers = signed(method, BASE + path, query, data, self._key_id, self._secret, "hitl")
        url = f"{BASE}{path}?{httpx2.QueryParams(query)}" if query else BASE + path
        return await self._loops.world.http.request(method, url, content=data, headers=headers)


async def signer(loops: Loops, role: Role, **bounds: frozenset[str]) -> Signer:
    made = Signer(loops, Principal(f"a-{role.value}", frozenset({role}), **bounds))
    await made.prepare()
    return made


@pytest.mark.parametrize("role", list(Role))
async def test_a_loop_is_started_by_those_who_may_open_an_interaction(loops: Loops, role: Role) -> None:
    caller = await signer(loops, role)
    before = await loops.world.state()
    started = await caller.call("POST", "", START)
    native = {"pattern": "pause_for_input", "config": {}, "data": {}}
    asked = await loops.world.call("POST", "/v1/interactions", "it", native, idempotency_key="n")
    assert (started.status_code == 200, asked.status_code == 201) == (role in OPENS, role in OPENS)
    if role not in OPENS:
        assert started.headers["x-amzn-errortype"] == "AccessDeniedException"
        assert await loops.world.state() == before


@pytest.mark.parametrize("role", list(Role))
async def test_a_loop_of_somebody_else_exists_for_no_role(loops: Loops, role: Role) -> None:
    """Names are an account's own, as they are at Amazon."""
    await loops.start("theirs")
    caller = await signer(loops, role)
    before = await loops.world.state()
    asked = [
        caller.call("GET", "/theirs"),
        caller.call("POST", "/stop", {"HumanLoopName": "theirs"}),
        caller.call("DELETE", "/theirs"),
    ]
    assert [(await each).status_code for each in asked] == [404, 404, 404]
    assert (await caller.call("GET", FlowDefinitionArn=FLOW)).json()["HumanLoopSummaries"] == []
    assert await loops.world.state() == before


async def test_a_key_of_another_task_knows_no_flow_of_this_one(loops: Loops) -> None:
    caller = await signer(loops, Role.CLIENT, tasks=frozenset({"elsewhere"}))
    assert (await caller.call("POST", "", START)).headers["x-amzn-errortype"] == "ResourceNotFoundException"


async def test_the_bytes_of_a_day_are_counted_as_those_of_native_requests(loops: Loops) -> None:
    caller = await signer(loops, Role.CLIENT)
    limits = RequestLimits(TERMS, Counts(), bytes_per_day=1_000)
    loops.world.ports = replace(loops.world.ports, limits=limits)
    loops.world.serve()
    content = {"InputContent": json.dumps({"text": "x" * 400})}
    said = [await caller.call("POST", "", {**START, "HumanLoopName": f"l-{n}", "HumanLoopInput": content}) for n in range(3)]
    assert [each.status_code for each in said] == [200, 429, 429]
    assert (said[1].headers["x-amzn-errortype"], said[1].headers["retry-after"]) == ("ThrottlingException", "3600")


async def test_the_journal_says_who_signed(loops: Loops) -> None:
    caller = await signer(loops, Role.TRAINER)
    await caller.call("POST", "", START)
    entries = await loops.world.shards.journals["workflow"].read(0, 100)
    assert any(b'"a-trainer"' in entry.body for entry in entries)
