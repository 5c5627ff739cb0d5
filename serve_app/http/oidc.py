"""Sign in at an OpenID Connect provider: authorisation code with PKCE, two redirects for the browser.

What is under way stands in the store under the digest of ``state`` and is bound to the browser by a cookie, so that nobody can
make somebody else sign in. The ID token is checked against the provider's keys, by an explicit list of algorithms.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any

import httpx2
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from hitl.canonical import JsonObject
from hitl.errors import StoreUnavailable, Unauthenticated
from hitl.identity.accounts import Account
from hitl.identity.claims import OidcConfig, account_of, is_safe_url
from hitl.identity.sessions import OneTimeStore, digest_of_token
from serve_app.http.limits import Buckets
from serve_app.http.oidc_exchange import token_requests, usable_keys, with_query

WITHIN_S = 600.0
"""How long a person may take at the provider."""

KEYS_FOR_S = 3600.0
METADATA_FOR_S = 3600.0
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
BEGUN_PER_S, BEGUN_AT_ONCE = 5.0, 100.0
BEGUN_BY_ONE_PER_S, BEGUN_BY_ONE_AT_ONCE = 0.2, 20.0
"""Sign-ins that a replica begins, for everybody and for one address: each stands in the store for ten minutes."""

ANSWER_TIMEOUT_S = 10.0
MAX_ANSWER_BYTES = 256 * 1024
BY_ONE = "sign-ins a second of one address"
REFUSED = "the identity provider's answer does not let anybody in"


@dataclass(slots=True)
class Provider:
    """The provider's published metadata and keys, read at first use and again after an hour; keys also for an unknown key."""

    config: OidcConfig
    http: httpx2.AsyncClient
    monotonic: Callable[[], float] = time.monotonic
    _metadata: JsonObject = field(default_factory=dict)
    _told_at: float = float("-inf")
    _keys: KeySet | None = None
    _read_at: float = float("-inf")

    async def metadata(self) -> JsonObject:
        if not self._metadata or self.monotonic() - self._told_at > METADATA_FOR_S:
            found = await self._get(f"{self.config.issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != self.config.issuer or not all(is_safe_url(str(found.get(name))) for name in ENDPOINTS):
                raise Unauthenticated(REFUSED)
            self._metadata, self._told_at = found, self.monotonic()
        return self._metadata

    async def keys(self, fresh: bool = False) -> KeySet:
        if self._keys is None or fresh or self.monotonic() - self._read_at > KEYS_FOR_S:
            found = await self._get(str((await self.metadata())["jwks_uri"]))
            self._keys, self._read_at = usable_keys(found), self.monotonic()
        return self._keys

    async def token(self, form: dict[str, str], secret: str) -> str:
        """Return the ID token for a code. The client proves itself in the way that the provider takes."""
        metadata = await self.metadata()
        endpoint = str(metadata["token_endpoint"])
        requests = list(token_requests(metadata, self.config.client_id, secret, form))
        for request in requests[:-1]:
            answer = await self._ask("POST", endpoint, data=request.form, headers=request.headers)
            if answer.status_code != 401:
                return str(_object(answer).get("id_token", ""))
        last = requests[-1]
        answer = await self._ask("POST", endpoint, data=last.form, headers=last.headers)
        return str(_object(answer).get("id_token", ""))

    async def _get(self, url: str) -> JsonObject:
        return _object(await self._ask("GET", url))

    async def _ask(self, method: str, url: str, **given: Any) -> httpx2.Response:
        try:
            return await self.http.request(method, url, timeout=ANSWER_TIMEOUT_S, follow_redirects=False, **given)
        except httpx2.HTTPError as error:
            raise StoreUnavailable(f"the identity provider: {type(error).__name__}") from error


@dataclass(frozen=True, slots=True)
class Oidc:
    """``secret`` is the client's own, empty for a public client."""

    config: OidcConfig
    provider: Provider
    once: OneTimeStore
    secret: str = ""
    wall: Callable[[], float] = time.time
    begun: Buckets = field(default_factory=lambda: _buckets(BEGUN_PER_S, BEGUN_AT_ONCE, "sign-ins a second"))
    begun_by_one: Buckets = field(default_factory=lambda: _buckets(BEGUN_BY_ONE_PER_S, BEGUN_BY_ONE_AT_ONCE, BY_ONE))

    async def begin(self, address: str = "") -> tuple[str, str]:
        """Return the URL to send the browser to, and the state that it must bring back (its cookie's value). Raises
        TooManyRequests when too many come from ``address``, or from everywhere."""
        self.begun_by_one.take(address)
        self.begun.take("")
        state, nonce, verifier = token_urlsafe(32), token_urlsafe(32), token_urlsafe(48)
        await self.once.keep(digest_of_token(state), json.dumps({"nonce": nonce, "verifier": verifier}), WITHIN_S)
        asked = {
            "response_type": "code",
            "client_id": self.config.client_id,
            "redirect_uri": self.config.redirect_uri,
            "scope": " ".join(self.config.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        return with_query(str((await self.provider.metadata())["authorization_endpoint"]), asked), state

    async def finish(self, state: str, cookie: str | None, code: str) -> Account:
        """Return the account of who came back. Raises Unauthenticated for anything that is not exactly as it was begun, Forbidden
        for somebody without a role here."""
        begun = await self.once.take(digest_of_token(state)) if state and state == cookie else None
        if begun is None:
            raise Unauthenticated("begin again: this sign-in was not begun here, or took too long")
        known = json.loads(begun)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.config.redirect_uri,
            "code_verifier": known["verifier"],
        }
        token = await self.provider.token(form, self.secret)
        return account_of(self.config, await self._claims(token, known["nonce"]))

    async def _claims(self, token: str, nonce: str) -> JsonObject:
        for fresh in (False, True):  # a provider may have changed its keys since we looked
            try:
                found = jwt.decode(token, await self.provider.keys(fresh), algorithms=list(self.config.algorithms))
                break
            except (JoseError, ValueError) as error:
                if fresh:
                    raise Unauthenticated(REFUSED) from error
        self._check(found.claims, nonce)
        return dict(found.claims)

    def _check(self, claims: JsonObject, nonce: str) -> None:
        registry = jwt.JWTClaimsRegistry(
            now=int(self.wall()),
            leeway=self.config.clock_skew_s,
            iss={"essential": True, "value": self.config.issuer},
            aud={"essential": True, "value": self.config.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            registry.validate(claims)
        except JoseError as error:
            raise Unauthenticated(REFUSED) from error
        if claims.get("azp", self.config.client_id) != self.config.client_id:
            raise Unauthenticated(REFUSED)


def _object(answer: httpx2.Response) -> JsonObject:
    """Return the JSON object of an answer. Raises Unauthenticated."""
    if answer.status_code != 200 or len(answer.content) > MAX_ANSWER_BYTES:
        raise Unauthenticated(REFUSED)
    try:
        found = answer.json()
    except ValueError as error:
        raise Unauthenticated(REFUSED) from error
    if not isinstance(found, dict):
        raise Unauthenticated(REFUSED)
    return found


def _buckets(per_s: float, at_once: float, what: str) -> Buckets:
    return Buckets(per_s, at_once, time.monotonic, what)
