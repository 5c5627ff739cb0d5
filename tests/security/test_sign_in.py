"""Somebody without a key fills the store with sign-ins; somebody with a session or a key tries to keep what it gave."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import pytest

from hitl.errors import InvalidConfig, TooManyRequests, Unauthenticated
from hitl.identity.caps import AccountCaps
from hitl.identity.claims import load_oidc
from hitl.identity.memory import MemoryOneTime
from hitl.machine.shards import ACCESS
from serve_app.http.oidc import BEGUN_AT_ONCE, BEGUN_BY_ONE_AT_ONCE, METADATA_FOR_S, Oidc
from serve_app.http.oidc import Provider as Published
from serve_app.http.sessions import SignIn
from tests.identity.people import RealPeople
from tests.identity.provider import SECRET, Provider, provider
from tests.identity.test_oidc import CONFIG, back, sign_in


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def at() -> AsyncIterator[Provider]:
    with provider() as found:
        yield found


@pytest.fixture
async def web(at: Provider) -> AsyncIterator[RealPeople]:
    config = load_oidc(CONFIG.format(url=at.url), "test")
    async with httpx2.AsyncClient() as http:
        made = RealPeople(oidc=Oidc(config, Published(config, http, Clock()), MemoryOneTime(time.monotonic), SECRET))
        await made.shards.start()
        await made.settle()
        yield made
        await made.http.aclose()
        await made.shards.stop()


async def test_one_address_begins_so_many_sign_ins_and_no_more(web: RealPeople) -> None:
    said = [(await web.ask("GET", "/v1/oidc/login", x_forwarded_for="6.6.6.6")) for _ in range(int(BEGUN_BY_ONE_AT_ONCE) + 1)]
    assert [answer.status_code for answer in said] == [302] * int(BEGUN_BY_ONE_AT_ONCE) + [429]
    assert "one address" in said[-1].json()["detail"]
    assert (await web.ask("GET", "/v1/oidc/login", x_forwarded_for="7.7.7.7")).status_code == 302


async def test_an_invented_address_before_the_proxys_own_does_not_count(web: RealPeople) -> None:
    for number in range(int(BEGUN_BY_ONE_AT_ONCE)):
        await web.ask("GET", "/v1/oidc/login", x_forwarded_for=f"1.1.1.{number}, 6.6.6.6")
    assert (await web.ask("GET", "/v1/oidc/login", x_forwarded_for="1.1.1.99, 6.6.6.6")).status_code == 429


async def test_many_addresses_begin_so_many_sign_ins_in_all(web: RealPeople) -> None:
    oidc = web.ports.oidc
    assert oidc is not None
    for number in range(int(BEGUN_AT_ONCE)):
        await oidc.begin(f"address {number}")
    with pytest.raises(TooManyRequests):
        await oidc.begin("one more")


async def test_the_providers_metadata_is_read_again_after_its_term(web: RealPeople, at: Provider) -> None:
    oidc = web.ports.oidc
    assert oidc is not None
    before = await oidc.provider.metadata()
    at.url = f"{at.url}/moved"
    assert await oidc.provider.metadata() == before
    oidc.provider.monotonic.now += METADATA_FOR_S + 1  # type: ignore[attr-defined]
    with pytest.raises(Unauthenticated):
        await oidc.provider.metadata()


@pytest.mark.parametrize("issuer", ["http://id.example.org", "http://127.0.0.1.evil.example", "http://10.0.0.1"])
def test_a_provider_whose_words_can_be_changed_on_the_way_stops_the_start(issuer: str) -> None:
    with pytest.raises(InvalidConfig):
        load_oidc(CONFIG.format(url=issuer), "test")


async def test_a_provider_that_sends_secrets_in_clear_is_refused(web: RealPeople, at: Provider) -> None:
    at.metadata = lambda: {  # type: ignore[method-assign]
        "issuer": at.url,
        "authorization_endpoint": at.url,
        "jwks_uri": at.url,
        "token_endpoint": "http://elsewhere.example/token",
    }
    assert (await web.ask("GET", "/v1/oidc/login")).status_code == 401


async def test_a_session_follows_the_rights_of_its_account_at_each_request(web: RealPeople) -> None:
    await sign_in(web)
    assert (await web.ask("GET", "/v1/queues")).status_code == 200
    await web.ask("PUT", "/v1/accounts/ada@hospital", "root", {"roles": ["client"]}, idempotency_key="less")
    assert (await web.ask("GET", "/v1/queues")).status_code == 403


async def test_a_repeated_request_id_keeps_no_rights_off_the_record(web: RealPeople, at: Provider) -> None:
    for groups in (["hitl-reviewers"], ["hitl-operators"]):
        at.groups = groups
        await web.ask("GET", await back(web), x_request_id="mine")
    noted = (await web.shards.shards[ACCESS].plain())["state"]["accounts"]
    assert noted["ada@hospital"]["roles"] == ["operator"]


async def test_a_person_whose_groups_were_taken_away_is_out_when_their_term_is_over(web: RealPeople, at: Provider) -> None:
    await sign_in(web)
    at.groups = []
    for _ in range(4):
        web.now += 890.0
        last = await web.ask("GET", "/v1/session")
    assert last.status_code == 200
    web.now += 100.0
    assert (await web.ask("GET", "/v1/session")).status_code == 401
    assert (await sign_in(web)).status_code == 403


async def test_the_same_sign_in_sent_twice_is_one_session(people: RealPeople) -> None:
    first = await people.ask("POST", "/v1/session", "ann", idempotency_key="k")
    again = await people.ask("POST", "/v1/session", "ann", idempotency_key="k")
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["set-cookie"] == first.headers["set-cookie"]
    assert len(await people.door.sessions.all()) == 1


async def test_a_session_that_was_signed_out_is_not_opened_again_by_a_repetition(people: RealPeople) -> None:
    await people.ask("POST", "/v1/session", "ann", idempotency_key="k")
    cookies = dict(people.http.cookies)
    await people.ask("DELETE", "/v1/session", origin="http://hitl")
    assert (await people.ask("POST", "/v1/session", "ann", idempotency_key="k")).status_code == 409
    people.http.cookies.update(cookies)
    assert (await people.ask("GET", "/v1/session")).status_code == 401


async def test_another_account_gets_no_session_of_a_known_idempotency_key(people: RealPeople) -> None:
    first = await people.ask("POST", "/v1/session", "ann", idempotency_key="k")
    other = await people.ask("POST", "/v1/session", "cleo", idempotency_key="k")
    assert (other.json()["account"], other.json()["session"] == first.json()["session"]) == ("cleo", False)


def bounded(people: RealPeople, caps: AccountCaps) -> None:
    door = people.door
    monotonic = lambda: people.now  # noqa: E731
    people.door = SignIn(door.keys, door.sessions, door.once, door.terms, door.wall, caps, monotonic=monotonic)
    people.ports = replace(people.ports, door=people.door, caps=caps)
    people.serve()


async def test_one_account_opens_so_many_sessions_and_no_more(people: RealPeople) -> None:
    bounded(people, AccountCaps(sessions=3))
    said = [await people.sign_in() for _ in range(4)]
    assert [answer.status_code for answer in said] == [201, 201, 201, 429]
    assert "3 open sessions of one account" in said[-1].json()["detail"]
    people.http.cookies.clear()
    assert (await people.sign_in("cleo")).status_code == 201
    people.now += 1800.0
    assert (await people.sign_in()).status_code == 201


async def test_a_refused_sign_in_succeeds_with_its_key_when_there_is_room(people: RealPeople) -> None:
    bounded(people, AccountCaps(sessions=1))
    await people.sign_in()
    assert (await people.ask("POST", "/v1/session", "ann", idempotency_key="k")).status_code == 429
    people.now += 1800.0
    assert (await people.ask("POST", "/v1/session", "ann", idempotency_key="k")).status_code == 201


async def test_one_account_holds_so_many_tickets_and_no_more(people: RealPeople) -> None:
    bounded(people, AccountCaps(tickets=3))
    codes = []
    for _ in range(5):
        people.now -= 3  # all at one moment: each request moves the clock by three seconds
        codes.append((await people.ask("POST", "/v1/tickets", "ann")).status_code)
    assert codes == [201, 201, 201, 429, 429]
