"""What real identity providers send: subjects of any form, groups in any place, keys that nobody asked for."""

import time
from base64 import b64decode
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from hitl.errors import Forbidden, HitlError, Unauthenticated
from hitl.identity.claims import OidcConfig, account_of, load_oidc
from hitl.identity.memory import MemoryOneTime
from hitl.identity.subjects import MAX_CHARS, subject_id
from serve_app.http.oidc import Oidc, Provider

CONFIG = """
name: example
issuer: https://id.example.org/
client_id: ray/hitl
redirect_uri: https://hitl.example.org/v1/oidc/callback
groups: {g: {roles: [reviewer]}, a b: {roles: [expert]}}
"""
KEY = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"})
SECRET = "s3cret: with + and %"


def config(**more: str) -> OidcConfig:
    return load_oidc(CONFIG + "".join(f"{name}: {value}\n" for name, value in more.items()), "x")


SUBJECTS = [
    *("ada", "auth0|5f7c", "google-oauth2|1055", "-kE3_abc", "_kE3_abc", "~x", "a" * 64, "a" * 65, "a" * 255, "a" * 254 + "b"),
    *(
        "ann@example.org",
        "ann+hitl@example.org",
        "Ann@example.org",
        "CN=Ann Ö,O=X",
        "用户",
        "a/b",
        "a%7Cb",
        "a~7Cb",
        "a|b",
        "..",
        " ",
    ),
]


def test_any_subject_has_an_id_of_its_own_that_a_path_can_hold() -> None:
    ids = [subject_id(subject) for subject in SUBJECTS]
    assert len(set(ids)) == len(SUBJECTS)
    for made in ids:
        assert len(made) <= MAX_CHARS
        assert httpx2.URL(f"http://x/v1/accounts/{made}").path == f"/v1/accounts/{made}"


@pytest.mark.parametrize("subject", ["ada", "Ada", "u1", "a.b-c_d", "a" * 64])
def test_an_account_that_could_sign_in_before_keeps_its_name(subject: str) -> None:
    assert account_of(config(), {"sub": subject, "groups": ["g"]}).id == f"{subject}@example"


@pytest.mark.parametrize(
    ("claim", "claims"),
    [
        ("groups", {"groups": ["g"]}),
        ("groups", {"groups": "g"}),
        ("groups", {"groups": ["other", 7, None, {"name": "x"}, "g"]}),
        ("realm_access.roles", {"realm_access": {"roles": ["g"]}}),
        ("resource_access.my.app.roles", {"resource_access": {"my.app": {"roles": ["g"]}}}),
        ("https://hitl.example.org/groups", {"https://hitl.example.org/groups": ["g"]}),
        ("a.b", {"a.b": ["g"], "a": {"b": ["x"]}}),
    ],
)
def test_groups_are_found_where_the_configuration_says(claim: str, claims: dict[str, Any]) -> None:
    account = account_of(config(groups_claim=claim), {"sub": "ada", **claims})
    assert [role.value for role in account.roles] == ["reviewer"]


def test_one_group_with_a_space_is_one_group() -> None:
    assert [role.value for role in account_of(config(), {"sub": "ada", "groups": "a b"}).roles] == ["expert"]


@pytest.mark.parametrize(
    ("more", "claims", "why"),
    [
        ({}, {"sub": "ada"}, "no claim 'groups'"),
        ({"groups_claim": "a.b"}, {"sub": "ada", "a": "b"}, "no claim 'a.b'"),
        ({}, {"sub": "ada", "groups": ["x"]}, "no group of theirs has a role here"),
        ({}, {"sub": "", "groups": ["g"]}, "no text in the claim 'sub'"),
        ({}, {"sub": "../root", "groups": ["g"]}, "a way through folders"),
        ({"account_claim": "email"}, {"sub": "ada", "groups": ["g"]}, "no text in the claim 'email'"),
        ({"account_claim": "email"}, {"email": "a@x", "email_verified": False, "groups": ["g"]}, "has not verified"),
    ],
)
def test_a_refusal_says_its_reason(more: dict[str, str], claims: dict[str, Any], why: str) -> None:
    with pytest.raises(Forbidden, match=why):
        account_of(config(**more), claims)


class Published:
    """A provider in memory; ``auth`` are the ways in which it lets a client prove itself, ``says`` what it publishes of them."""

    def __init__(self, keys: list[Any], auth: tuple[str, ...] = ("post",), says: list[str] | None = None) -> None:
        self.keys, self.auth, self.says, self.nonce, self.asked = keys, auth, says, "", list[str]()
        self.token_query = ""

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("openid-configuration"):
            ends = {name: f"https://id.example.org/{name}" for name in ("token_endpoint", "jwks_uri")}
            told: dict[str, Any] = {"issuer": "https://id.example.org/", **ends}
            told["authorization_endpoint"] = "https://id.example.org/auth?p=policy"
            told["token_endpoint"] += "?p=policy"
            return httpx2.Response(200, json=told | ({"token_endpoint_auth_methods_supported": self.says} if self.says else {}))
        if request.url.path == "/jwks_uri":
            return httpx2.Response(200, json={"keys": self.keys})
        return self.token(request)

    def token(self, request: httpx2.Request) -> httpx2.Response:
        form, header = parse_qs(request.content.decode()), request.headers.get("authorization", "")
        way = "post" if "client_secret" in form else "basic"
        self.asked.append(way)
        self.token_query = str(request.url.query.decode())
        if way == "basic":
            client, _, secret = b64decode(header.removeprefix("Basic ")).decode().partition(":")
            given = (unquote_plus(client), unquote_plus(secret))
        else:
            given = (form["client_id"][0], form["client_secret"][0])
        if way not in self.auth or given != ("ray/hitl", SECRET):
            return httpx2.Response(401, json={"error": "invalid_client"})
        now = int(time.time())
        claims = {"iss": "https://id.example.org/", "aud": "ray/hitl", "sub": "auth0|1", "exp": now + 60, "iat": now}
        token = jwt.encode({"alg": "RS256", "kid": "k1"}, {**claims, "nonce": self.nonce, "groups": ["g"]}, KEY)
        return httpx2.Response(200, json={"id_token": token})


async def sign_in(at: Published) -> str:
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(at)) as http:
        oidc = Oidc(config(), Provider(config(), http), MemoryOneTime(time.monotonic), SECRET)
        url, state = await oidc.begin()
        asked = dict(parse_qsl(urlsplit(url).query))
        assert (url.count("?"), asked["p"], asked["state"]) == (1, "policy", state)
        at.nonce = asked["nonce"]
        return (await oidc.finish(state, state, "code")).id


PUBLIC = KEY.as_dict(private=False)
FOREIGN: list[Any] = [
    {"kty": "EC", "crv": "P-192", "kid": "o", "x": "AA", "y": "AA"},
    {"kty": "EC", "crv": "brainpoolP256r1", "kid": "o", "x": "AA", "y": "AA"},
    {"kty": "OKP", "crv": "X448", "kid": "o", "x": "AA"},
    {"kty": "RSA", "kid": "o", "e": "AQAB"},
    {"kty": "oct", "kid": "o", "k": "AAAA"},
    {"kty": "AKP", "alg": "ML-DSA-44", "pub": "AA", "kid": "o"},
    {"kid": "no kty"},
    {"kty": ["RSA"]},
    "text",
    None,
    ECKey.generate_key("P-256", {"kid": "o"}).as_dict(private=False),
    {**PUBLIC, "use": "enc"},
]


@pytest.mark.parametrize("key", FOREIGN)
async def test_a_key_that_nobody_knows_keeps_nobody_out(key: Any) -> None:
    assert await sign_in(Published([key, PUBLIC])) == "auth0~7C1@example"


@pytest.mark.parametrize("keys", [[], FOREIGN, "keys", None])
async def test_without_a_usable_key_nobody_comes_in(keys: Any) -> None:
    with pytest.raises(Unauthenticated):
        await sign_in(Published(keys))


@pytest.mark.parametrize(
    ("auth", "says", "asked"),
    [
        (("post",), None, ["post"]),
        (("basic",), None, ["post", "basic"]),
        (("basic",), ["client_secret_basic"], ["basic"]),
        (("basic",), ["client_secret_basic", "client_secret_post"], ["post", "basic"]),
        (("post",), ["client_secret_post", "private_key_jwt"], ["post"]),
        (("basic",), ["private_key_jwt"], ["post", "basic"]),
    ],
)
async def test_the_client_proves_itself_as_the_provider_wants(
    auth: tuple[str, ...], says: list[str] | None, asked: list[str]
) -> None:
    at = Published([PUBLIC], auth, says)
    assert await sign_in(at) == "auth0~7C1@example"
    assert (at.asked, at.token_query) == (asked, "p=policy")


async def test_a_client_that_no_way_lets_in_is_refused() -> None:
    at = Published([PUBLIC], auth=())
    with pytest.raises(HitlError):
        await sign_in(at)
    assert at.asked == ["post", "basic"]
