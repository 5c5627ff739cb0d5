"""Machines come with tokens of the provider; so does whoever can make, find or keep one."""

import time
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from hitl.errors import Forbidden, InvalidConfig, TooManyRequests, Unauthenticated
from hitl.identity import Role
from hitl.identity.accounts import Account
from hitl.identity.claims import load_oidc
from hitl.identity.memory import MemoryKeys
from serve_app.http.authentication import GUESSES_AT_ONCE, Authenticator
from serve_app.http.bearer_tokens import BearerTokens
from serve_app.http.oidc import Provider as Published
from tests.identity.provider import Provider, provider
from tests.identity.test_oidc import CONFIG

AUDIENCE = "https://hitl/api"
MACHINES = CONFIG + f"  hitl-all: {{{{roles: [client, approver, admin]}}}}\napi_audience: {AUDIENCE}\n"


class Door:
    """An Authenticator that takes tokens, over a clock and the provider's answers, which it counts."""

    def __init__(self, at: Provider, http: httpx2.AsyncClient) -> None:
        self.at, self.store, self.now = at, MemoryKeys(), time.time()
        config = load_oidc(MACHINES.format(url=at.url), "test")
        tokens = BearerTokens(config, Published(config, http, lambda: self.now), lambda: self.now)
        ways = {"accounts": self.store, "wall": lambda: self.now, "tokens": tokens}
        self.keys = Authenticator(self.store, lambda: self.now, **ways)  # type: ignore[arg-type]

    def token(self, head: dict[str, Any] | None = None, key: Any = None, **claims: Any) -> str:
        said = {"iss": self.at.url, "aud": AUDIENCE, "sub": "robot", "iat": int(self.now), "exp": int(self.now) + 300}
        whole = {name: value for name, value in {**said, "groups": ["hitl-operators"], **claims}.items() if value is not None}
        signed_by = key or self.at.key
        return jwt.encode({"alg": "RS256", "kid": signed_by.kid, **(head or {})}, whole, signed_by)

    async def comes(self, token: str) -> Any:
        return await self.keys.authenticate(f"Bearer {token}")


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    with provider() as at:
        async with httpx2.AsyncClient() as http:
            yield Door(at, http)


async def test_a_machine_comes_in_with_the_rights_of_its_groups(door: Door) -> None:
    who = await door.comes(door.token(aud=["other", AUDIENCE]))
    assert (who.id, who.roles, who.session) == ("robot@hospital", {Role.OPERATOR}, "")


WRONG: list[dict[str, Any]] = [
    {"iss": "http://elsewhere"},
    {"iss": None},
    {"aud": "ray-hitl"},
    {"aud": "another-api"},
    {"aud": None},
    {"exp": 1},
    {"exp": None},
    {"nbf": 4_000_000_000},
    {"nonce": "of an ID token"},
    {"sub": None},
    {"head": {"typ": "logout+jwt"}},
    {"key": RSAKey.generate_key(2048, {"kid": "one"})},
    {"key": RSAKey.generate_key(2048, {"kid": "unknown"})},
]


@pytest.mark.parametrize("lie", WRONG)
async def test_a_token_that_is_not_for_us_lets_nobody_in(door: Door, lie: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        await door.comes(door.token(**lie))


@pytest.mark.parametrize("text", ["a.b.c", "..", "e30.e30.", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJyb290In0."])
async def test_what_only_looks_like_a_token_lets_nobody_in(door: Door, text: str) -> None:
    with pytest.raises(Unauthenticated):
        await door.comes(text)


async def test_a_token_votes_for_nobody_and_makes_no_voter(door: Door) -> None:
    assert (await door.comes(door.token(groups=["hitl-all"]))).roles == {Role.CLIENT}
    with pytest.raises(Forbidden):
        await door.comes(door.token(groups=["strangers"]))


async def test_a_token_is_over_when_it_says_so_also_while_it_is_remembered(door: Door) -> None:
    token = door.token(exp=int(door.now) + 10)
    await door.comes(token)
    door.now += 80.0  # beyond the skew of the clocks
    with pytest.raises(Unauthenticated):
        await door.comes(token)


async def test_a_machine_that_was_disabled_here_stays_out(door: Door) -> None:
    token = door.token()
    await door.comes(token)
    await door.store.put_account(Account("robot@hospital", frozenset({Role.OPERATOR}), is_disabled=True))
    door.now += 3.0
    with pytest.raises(Unauthenticated):
        await door.comes(token)


async def test_tokens_of_unknown_keys_do_not_make_us_ask_the_provider_each_time(door: Door) -> None:
    asked, stranger = 0, RSAKey.generate_key(2048, {"kid": "unknown"})
    metadata, published = door.at.metadata, door.at.published

    class Counted(list[Any]):
        def __iter__(self) -> Any:
            nonlocal asked
            asked += 1
            return super().__iter__()

    door.at.published, door.at.metadata = Counted(published), metadata  # type: ignore[method-assign]
    for number in range(int(GUESSES_AT_ONCE)):
        with pytest.raises(Unauthenticated):
            await door.comes(door.token(key=stranger, jti=str(number)))
    assert asked <= 2
    with pytest.raises(TooManyRequests):
        await door.comes(door.token(key=stranger))
    assert (await door.comes(door.token())).id == "robot@hospital"


def test_id_tokens_and_access_tokens_have_different_audiences() -> None:
    with pytest.raises(InvalidConfig):
        load_oidc(CONFIG.format(url="https://id") + "api_audience: ray-hitl\n", "test")
