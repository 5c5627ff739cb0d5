"""Let machines in by access tokens of the identity provider: JSON Web Tokens that they got there with their client credentials.

Such a token is signed by the provider, names our API as its audience, and is over soon; its claims become rights by the same
groups as a person's. What takes a second person, a token never gives.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError

from hitl.canonical import JsonObject, digest_of
from hitl.errors import Forbidden, Unauthenticated
from hitl.identity.accounts import Account
from hitl.identity.claims import OidcConfig, account_of
from hitl.identity.principal import SECOND_PERSON
from hitl.workflow.free_json import number_in
from serve_app.http.oidc import Provider

KEYS_AGAIN_S = 60.0
"""A token of an unknown key makes us read the provider's keys, at most this often: anybody may send such tokens."""

PROVED_FOR_S = 60.0
MAX_PROVED = 10_000
TYPES = (None, "JWT", "at+jwt", "application/at+jwt")
REFUSED = "the token does not let anybody in: send an access token of the configured issuer for this audience"


@dataclass(slots=True)
class BearerTokens:
    """Finds the account of a token. Raises Unauthenticated, Forbidden for one whose groups have no role here, StoreUnavailable
    while the provider does not answer."""

    config: OidcConfig
    provider: Provider
    wall: Callable[[], float] = time.time
    _proved: dict[str, tuple[Account, float]] = field(default_factory=dict)
    _asked_at: float = float("-inf")

    async def account_of(self, token: str) -> Account:
        digest, now = digest_of(token.encode()), self.wall()
        account, until = self._proved.get(digest, (None, 0.0))
        if account is not None and now < until:
            return account
        claims = await self._claims(token)
        account = _without_second_person(account_of(self.config, claims))
        if len(self._proved) >= MAX_PROVED:
            self._proved.clear()
        self._proved[digest] = (account, min(now + PROVED_FOR_S, number_in(claims, "exp", now)))
        return account

    async def _claims(self, token: str) -> JsonObject:
        try:
            found = await self._decoded(token)
            self._registry().validate(found.claims)
        except (JoseError, ValueError) as error:
            raise Unauthenticated(REFUSED) from error
        # An ID token tells the client who signed in: it is nobody's permission to call us.
        if found.header.get("typ") not in TYPES or "nonce" in found.claims:
            raise Unauthenticated(REFUSED)
        return dict(found.claims)

    async def _decoded(self, token: str) -> jwt.Token:
        algorithms = list(self.config.algorithms)
        try:
            return jwt.decode(token, await self.provider.keys(), algorithms=algorithms)
        except (JoseError, ValueError):
            if self.provider.monotonic() - self._asked_at < KEYS_AGAIN_S:
                raise
            self._asked_at = self.provider.monotonic()
            return jwt.decode(token, await self.provider.keys(fresh=True), algorithms=algorithms)

    def _registry(self) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(self.wall()),
            leeway=self.config.clock_skew_s,
            iss={"essential": True, "value": self.config.issuer},
            aud={"essential": True, "value": str(self.config.api_audience)},
            exp={"essential": True},
            sub={"essential": True},
        )


def tokens_of(config: OidcConfig | None) -> BearerTokens | None:
    """Over real HTTP; None where machines come with keys alone."""
    if config is None or config.api_audience is None:
        return None
    return BearerTokens(config, Provider(config, httpx2.AsyncClient()))


def is_token(text: str) -> bool:
    """Tell whether ``text`` looks like a JSON Web Token, which no key of ours does."""
    return text.count(".") == 2


def _without_second_person(account: Account) -> Account:
    roles = account.roles - SECOND_PERSON
    if not roles:
        raise Forbidden(account.id, "come in by a token: its groups give no role that a machine may have")
    return replace(account, roles=roles)
