"""Signing in at an identity provider, over real HTTP on loopback."""

import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import pytest

from hitl.errors import InvalidConfig
from hitl.identity.claims import load_oidc
from hitl.identity.memory import MemoryOneTime
from serve_app.http.oidc import Oidc
from serve_app.http.oidc import Provider as Published
from tests.identity.people import RealPeople
from tests.identity.provider import SECRET, Provider, provider

CONFIG = """
name: hospital
issuer: {url}
client_id: ray-hitl
redirect_uri: http://hitl/v1/oidc/callback
groups:
  hitl-reviewers: {{roles: [reviewer], tasks: [digits], skills: [latin]}}
  hitl-operators: {{roles: [operator]}}
"""


@pytest.fixture(scope="module")
def at_module() -> Iterator[Provider]:
    with provider() as found:
        yield found


@pytest.fixture
def at(at_module: Provider) -> Provider:
    at_module.__init__(at_module.url)  # type: ignore[misc]
    return at_module


@pytest.fixture
async def web(at: Provider) -> AsyncIterator[RealPeople]:
    config = load_oidc(CONFIG.format(url=at.url), "test")
    async with httpx2.AsyncClient() as http:
        made = RealPeople(oidc=Oidc(config, Published(config, http), MemoryOneTime(time.monotonic), SECRET))
        await made.shards.start()
        await made.settle()
        yield made
        await made.http.aclose()
        await made.shards.stop()


async def back(web: RealPeople) -> str:
    """Where the provider sends the browser after the person has signed in there."""
    begun = await web.ask("GET", "/v1/oidc/login")
    assert begun.status_code == 302
    async with httpx2.AsyncClient() as browser:
        return str((await browser.get(begun.headers["location"])).headers["location"])


async def sign_in(web: RealPeople) -> httpx2.Response:
    return await web.ask("GET", await back(web))


@pytest.mark.covers("003-82")
async def test_a_person_comes_back_with_a_session_and_the_rights_of_their_groups(web: RealPeople) -> None:
    answer = await sign_in(web)
    assert (answer.status_code, "HttpOnly" in answer.headers["set-cookie"]) == (200, True)
    who = (await web.ask("GET", "/v1/session")).json()
    assert who == {"account": "ada@hospital", "roles": ["reviewer"], "tasks": ["digits"], "queues": [], "skills": ["latin"]}


async def test_the_page_that_leads_back_sends_nothing_elsewhere(web: RealPeople) -> None:
    answer = await sign_in(web)
    assert "form-action 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_rights_follow_the_groups_at_each_sign_in(web: RealPeople, at: Provider) -> None:
    await sign_in(web)
    at.groups = ["hitl-operators"]
    await sign_in(web)
    assert (await web.ask("GET", "/v1/session")).json()["roles"] == ["operator"]


async def test_a_provider_that_changed_its_keys_is_asked_again(web: RealPeople, at: Provider) -> None:
    await sign_in(web)
    at.change_keys()
    assert (await sign_in(web)).status_code == 200


LIES: list[tuple[dict[str, Any], int]] = [
    ({"iss": "http://elsewhere"}, 401),
    ({"aud": "another-client"}, 401),
    ({"aud": ["ray-hitl", "other"], "azp": "other"}, 401),
    ({"nonce": "another"}, 401),
    ({"nonce": None}, 401),
    ({"exp": int(time.time()) - 3600}, 401),
    ({"exp": None}, 401),
    ({"iat": int(time.time()) + 3600}, 401),
    ({"groups": ["strangers"]}, 403),
    ({"groups": None}, 403),
    ({"sub": "../root"}, 403),
]


@pytest.mark.covers("003-82", "000-76")
@pytest.mark.parametrize(("claims", "status"), LIES)
async def test_a_wrong_token_lets_nobody_in_and_changes_nothing(
    web: RealPeople, at: Provider, claims: dict[str, Any], status: int
) -> None:
    at.claims, before = claims, await web.state()
    assert (await sign_in(web)).status_code == status
    assert (await web.state(), await web.store.accounts(), await web.door.sessions.all()) == (before, [], {})


async def test_a_public_key_is_no_shared_secret(web: RealPeople, at: Provider) -> None:
    at.confuse()
    assert (await sign_in(web)).status_code == 401


async def test_a_token_of_an_unpublished_key_is_refused(web: RealPeople, at: Provider) -> None:
    at.change_keys()
    at.published = []
    assert (await sign_in(web)).status_code == 401


async def test_a_clock_that_is_a_little_off_is_no_reason(web: RealPeople, at: Provider) -> None:
    at.claims = {"exp": int(time.time()) - 30, "iat": int(time.time()) + 30}
    assert (await sign_in(web)).status_code == 200


async def test_a_sign_in_that_another_browser_began_or_that_comes_twice_is_refused(web: RealPeople) -> None:
    path = await back(web)
    web.http.cookies.clear()
    assert (await web.ask("GET", path)).status_code == 401
    path = await back(web)
    assert [(await web.ask("GET", path)).status_code for _ in range(2)] == [200, 401]


async def test_who_was_disabled_here_stays_out(web: RealPeople) -> None:
    await sign_in(web)
    body = {"roles": ["reviewer"], "is_disabled": True}
    await web.ask("PUT", "/v1/accounts/ada@hospital", "root", body, idempotency_key="d")
    assert (await web.ask("GET", "/v1/session")).status_code == 401
    assert (await sign_in(web)).status_code == 404


async def test_without_a_provider_the_routes_are_not_there(people: RealPeople) -> None:
    assert (await people.ask("GET", "/v1/oidc/login")).status_code == 404


@pytest.mark.parametrize("change", ["algorithms: [none]", "algorithms: [HS256]", "algorithms: []", "colour: red", "name: 'A b'"])
def test_a_wrong_file_stops_the_start(change: str) -> None:
    lines = [line for line in CONFIG.format(url="http://id").splitlines() if not line.startswith(change.split(":")[0])]
    with pytest.raises(InvalidConfig):
        load_oidc("\n".join([*lines, change]), "test")
