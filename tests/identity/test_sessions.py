"""Sessions: a cookie that no script reads and no other site can use, over when it should be."""

import pytest

from hitl.canonical import digest_of
from serve_app.api.app import review_app
from tests.fakes.socket import connected
from tests.identity.people import RealPeople


@pytest.mark.covers("000-76")
async def test_a_session_is_an_http_only_strict_cookie_of_which_only_the_digest_is_kept(people: RealPeople) -> None:
    answer = await people.sign_in()
    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 201
    assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Path=/"))
    token = cookie.split("=")[1].split(";")[0]
    assert list(await people.door.sessions.all()) == [digest_of(token.encode())]
    assert token not in await people.state()
    assert (await people.ask("GET", "/v1/session")).json()["account"] == "ann"


async def test_behind_tls_the_cookie_is_secure_and_of_this_host_alone() -> None:
    people = RealPeople(public_url="https://hitl.example.org")
    await people.shards.start()
    await people.settle()
    cookie = (await people.sign_in()).headers["set-cookie"]
    assert cookie.startswith("__Host-hitl_session=")
    assert "Secure" in cookie
    await people.shards.stop()


CHANGES = [
    ({"origin": "http://hitl"}, 200),
    ({"x_hitl_request": "1"}, 200),
    ({"sec_fetch_site": "same-origin"}, 200),
    ({}, 403),
    ({"origin": "http://evil"}, 403),
    ({"origin": "null"}, 403),
    ({"origin": "http://evil", "x_hitl_request": "1"}, 403),
    ({"sec_fetch_site": "cross-site"}, 403),
    ({"sec_fetch_site": "same-site"}, 403),
]


@pytest.mark.covers("000-76")
@pytest.mark.parametrize(("headers", "status"), CHANGES)
async def test_a_change_by_cookie_must_come_from_a_page_of_ours(people: RealPeople, headers: dict[str, str], status: int) -> None:
    await people.case("a")
    await people.sign_in()
    before = await people.state()
    answer = await people.ask("POST", "/v1/queues/digits/claim", None, {}, **headers)
    assert answer.status_code == status, answer.text
    assert (await people.state() == before) is (status == 403)


@pytest.mark.parametrize("wait_s", [1801.0, 43_201.0])
async def test_a_session_ends_by_idling_and_by_age(people: RealPeople, wait_s: float) -> None:
    await people.sign_in()
    steps = 1 if wait_s < 3600 else 36
    for _ in range(steps):
        people.now += wait_s / steps
        answer = await people.ask("GET", "/v1/session")
    assert answer.status_code == 401


async def test_using_a_session_keeps_it_from_idling(people: RealPeople) -> None:
    await people.sign_in()
    for _ in range(5):
        people.now += 1000
        assert (await people.ask("GET", "/v1/session")).status_code == 200


async def test_signing_out_ends_it_at_once_and_everywhere(people: RealPeople) -> None:
    await people.sign_in()
    kept = dict(people.http.cookies)
    assert (await people.ask("DELETE", "/v1/session", origin="http://hitl")).status_code == 204
    people.http.cookies.update(kept)
    assert (await people.ask("GET", "/v1/session")).status_code == 401


async def test_a_session_is_over_with_its_key_or_its_account(people: RealPeople) -> None:
    await people.sign_in()
    body = {"roles": ["reviewer"], "is_disabled": True}
    await people.ask("PUT", "/v1/accounts/ann", "root", body, idempotency_key="d")
    assert (await people.ask("GET", "/v1/session")).status_code == 401


async def test_a_key_and_not_a_session_opens_a_session(people: RealPeople) -> None:
    await people.sign_in()
    assert (await people.ask("POST", "/v1/session", origin="http://hitl")).status_code == 404
    assert (await people.ask("GET", "/v1/session", authorization="Bearer nobody")).status_code == 401


async def test_people_end_their_own_sessions_and_nobody_elses(people: RealPeople) -> None:
    name = (await people.sign_in()).json()["session"]
    assert (await people.ask("DELETE", f"/v1/sessions/{name}", "olga")).status_code == 404
    assert [each["session"] for each in (await people.ask("GET", "/v1/sessions", "root")).json()["sessions"]] == [name]
    assert (await people.ask("DELETE", f"/v1/sessions/{name}", "root")).json() == {"session": name, "is_over": True}


async def test_people_see_which_of_their_sessions_asks(people: RealPeople) -> None:
    elsewhere = (await people.sign_in()).json()["session"]
    here = (await people.sign_in()).json()["session"]
    told = (await people.ask("GET", "/v1/sessions")).json()["sessions"]
    assert {each["session"]: each["is_current"] for each in told} == {elsewhere: False, here: True}
    told = (await people.ask("GET", "/v1/sessions", "root")).json()["sessions"]
    assert [each["is_current"] for each in told] == [False, False], "a key is no session"


@pytest.mark.covers("D27")
async def test_a_ticket_opens_one_socket_once_and_soon(people: RealPeople) -> None:
    app, path = review_app(people.ports), "/ws/hitl/ann"
    fresh = (await people.ask("POST", "/v1/tickets", "ann")).json()["ticket"]
    for expected in ("websocket.accept", "websocket.close"):
        async with connected(app, path, None, f"ticket={fresh}") as socket:
            assert (await socket.next())["type"] == expected
    late = (await people.ask("POST", "/v1/tickets", "ann")).json()["ticket"]
    people.now += 31
    async with connected(app, path, None, f"ticket={late}") as socket:
        assert (await socket.next())["type"] == "websocket.close"


async def test_a_ticket_of_somebody_else_opens_nothing(people: RealPeople) -> None:
    theirs = (await people.ask("POST", "/v1/tickets", "cleo")).json()["ticket"]
    async with connected(review_app(people.ports), "/ws/hitl/ann", None, f"ticket={theirs}") as socket:
        assert (await socket.next())["type"] == "websocket.close"
