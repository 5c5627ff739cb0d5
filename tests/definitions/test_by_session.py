"""A person's session of the console at the gateway: it shows tasks and proposes definitions, and decides no case."""

from typing import Any

import httpx2
import pytest

from serve_app.http.session_cookie import COOKIE
from tests.definitions.world import FEATURES, World, changed, started

DEFINITION = "/v1/tasks/loans/definition"
OURS = {"host": "localhost:8000", "origin": "http://localhost:8000"}


async def by_session(
    world: World, account: str, method: str, path: str, body: Any = None, headers: dict[str, str] = OURS
) -> httpx2.Response:
    """A request of ``account``, who has signed in on a page at localhost:8000."""
    key_id = next(record.key_id for record in await world.store.all() if record.principal.id == account)
    token, _ = await world.door.sign_in(account, key_id)
    return await world.call(method, path, None, body, cookie=f"theme=dark; {COOKIE}={token}", **headers)


@pytest.mark.parametrize("path", ["/v1/tasks", "/v1/tasks/loans", DEFINITION])
async def test_a_session_shows_tasks_and_their_definitions(path: str) -> None:
    async with started() as world:
        by_key = await world.call("GET", path, "reviewer")
        assert (await by_session(world, "reviewer", "GET", path)).json() == by_key.json()


async def test_an_operator_proposes_a_definition_by_a_session() -> None:
    async with started() as world:
        told = await by_session(world, "operator", "PUT", DEFINITION, changed(title="Other loans"))
        assert (told.status_code, told.json()["approval_id"]) == (202, "loans-1")


async def test_a_session_has_the_rights_of_its_account_alone() -> None:
    async with started() as world:
        assert (await by_session(world, "reviewer", "PUT", DEFINITION, changed(title="Mine"))).status_code == 403
        assert (await by_session(world, "stranger", "GET", DEFINITION)).status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "localhost:8000"}, 403),
        ({"host": "localhost:8000", "origin": "http://elsewhere.example"}, 403),
        ({"host": "elsewhere.example", "origin": "http://elsewhere.example"}, 400),
        ({"host": "localhost:8000", "x_hitl_request": "1"}, 202),
    ],
)
async def test_another_site_cannot_make_a_browser_propose(headers: dict[str, str], status: int) -> None:
    async with started() as world:
        before = await world.state()
        told = await by_session(world, "operator", "PUT", DEFINITION, changed(title="Mine"), headers)
        assert (told.status_code, (await world.state()) == before) == (status, status != 202)


async def test_a_session_that_was_ended_shows_nothing() -> None:
    async with started() as world:
        told = await world.call("GET", DEFINITION, None, cookie=f"{COOKIE}=gone", host="localhost:8000")
        assert told.status_code == 401


async def test_no_case_comes_by_a_session() -> None:
    async with started() as world:
        case = {"features": FEATURES}
        told = await by_session(world, "client", "POST", "/v1/tasks/loans/decisions", case, {**OURS, "idempotency_key": "a"})
        assert told.status_code == 401


async def test_the_definition_names_what_may_have_a_guideline() -> None:
    async with started() as world:
        assert (await world.call("GET", DEFINITION, "client")).json()["guided"] == ["reject", "approve", "ask", "none_of_these"]
