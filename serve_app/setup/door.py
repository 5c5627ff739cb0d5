"""The door of the console: sessions and tickets in the store."""

from redis.asyncio import Redis

from hitl.adapters.valkey.identities import ValkeyKeys
from hitl.adapters.valkey.sessions import ValkeyOneTime, ValkeySessions
from hitl.identity.claims import OidcConfig
from hitl.identity.sessions import SessionTerms
from serve_app.http.authentication import Authenticator
from serve_app.http.bearer_tokens import tokens_of
from serve_app.http.limits import LimitTerms
from serve_app.http.sessions import SignIn
from serve_app.setup.args import ServeArgs

HOUR_S = 3600.0


def open_door(client: Redis, args: ServeArgs, limits: LimitTerms, oidc: OidcConfig | None) -> SignIn:
    """Return who may come in, as the store behind ``client`` knows them."""
    keys = ValkeyKeys(client)
    rights_for_s = oidc.rights_for_s if oidc else HOUR_S
    terms = SessionTerms(args.session_idle_s, args.session_hours * HOUR_S, rights_for_s)
    authenticator = Authenticator(keys, accounts=keys, tokens=tokens_of(oidc))
    return SignIn(authenticator, ValkeySessions(client), ValkeyOneTime(client), terms, caps=limits.caps)
