"""Whose page may act with a person's cookie: scheme, host and port are compared whole, and nothing answered is for a cache."""

from dataclasses import replace

import pytest

from hitl.errors import CrossSite, InvalidRequest
from serve_app.http.same_site import check_same_site, own_sites
from tests.identity.conftest import people
from tests.identity.matrix import document, routes, sample, things
from tests.identity.people import RealPeople
from tests.review_app.conftest import World, world
from tests.security.test_extreme_values import filled

__all__ = ["people", "world"]

PUBLIC = "https://hitl.example.org"
LOCAL = "127.0.0.1:8000"


def is_let_in(host: str, origin: str, public_url: str | None, scheme: str = "http") -> bool:
    headers = {"host": host, "origin": origin}
    try:
        check_same_site(headers, own_sites(headers, scheme, (public_url, f"http://{LOCAL}")))
    except (CrossSite, InvalidRequest):
        return False
    return True


@pytest.mark.parametrize(
    ("host", "origin", "public_url"),
    [
        ("evil.example", "http://evil.example", None),  # DNS rebinding: the name is the attacker's, the address ours
        ("evil.example", "http://evil.example", PUBLIC),
        ("hitl.example.org", "http://hitl.example.org", PUBLIC),  # who sits on the wire makes pages of plain HTTP
        ("hitl.example.org", "https://hitl.example.org:8443", PUBLIC),
        ("hitl.example.org", "https://evil.hitl.example.org", PUBLIC),
        ("hitl.example.org", "https://hitl.example.org@evil.example", PUBLIC),
        ("hitl.example.org:444", "https://hitl.example.org", PUBLIC),
        (LOCAL, "https://127.0.0.1:8000", None),
        (LOCAL, "http://127.0.0.1:3000", None),  # another program of the same machine
        (LOCAL, "http://localhost:8000", None),
        (LOCAL, "null", None),
        ("", "http://127.0.0.1:8000", None),
        ("127.0.0.1.evil.example", "http://127.0.0.1.evil.example", None),
        ("[::1", "http://[::1", None),
    ],
)
def test_a_page_of_another_site_does_not_pass(host: str, origin: str, public_url: str | None) -> None:
    assert not is_let_in(host, origin, public_url)


@pytest.mark.parametrize(
    ("host", "origin", "public_url"),
    [
        (LOCAL, f"http://{LOCAL}", None),
        ("localhost:9000", "http://localhost:9000", None),  # a tunnel to the machine
        ("[::1]:8000", "http://[::1]:8000", None),
        ("hitl.example.org", "https://hitl.example.org", PUBLIC),
        ("HITL.example.org:443", "https://hitl.example.org", PUBLIC),
        (LOCAL, "https://hitl.example.org", PUBLIC),  # a proxy that does not hand on Host
    ],
)
def test_a_page_of_our_own_passes(host: str, origin: str, public_url: str | None) -> None:
    assert is_let_in(host, origin, public_url)


async def test_a_session_is_worth_nothing_under_another_name(people: RealPeople) -> None:
    await people.sign_in()
    answer = await people.ask("GET", "/v1/session", host="evil.example")
    assert (answer.status_code, "HITL_PUBLIC_URL" in answer.text) == (400, True)


async def test_a_key_may_come_under_any_name(people: RealPeople) -> None:
    """Programs call the service by the names of their network; no browser adds a key by itself."""
    assert (await people.ask("GET", "/v1/session", "ann", host="hitl.svc.cluster.local")).status_code == 200


async def test_a_page_of_plain_http_does_not_pass_for_the_one_behind_tls(people: RealPeople) -> None:
    people.ports = replace(people.ports, public_url="https://hitl")
    people.serve()
    await people.sign_in()
    people.http.cookies = dict(people.http.cookies)  # httpx keeps Secure ones from http
    answers = [
        await people.ask("DELETE", "/v1/session", origin=origin, host="hitl") for origin in ("http://hitl", "https://hitl")
    ]
    assert [answer.status_code for answer in answers] == [403, 204]


async def test_no_answer_of_any_route_is_for_a_cache(world: World) -> None:
    named, schema = await things(world), await document()
    kept = []
    for method, path, operation in routes(schema):
        body = sample(operation.get("requestBody", {}), schema)
        for who in ("operator", "reviewer", None):
            answer = await world.call(method, filled(path, named), who, body, idempotency_key="k")
            kept += [f"{method} {path}"] if answer.headers.get("cache-control") != "no-store" else []
    for path in ("/health", "/ready", "/", "/openapi.json", "/docs", "/api/docs/", "/nothing", "/v1/oidc/login"):
        kept += [path] if (await world.call("GET", path)).headers.get("cache-control") != "no-store" else []
    assert kept == []
