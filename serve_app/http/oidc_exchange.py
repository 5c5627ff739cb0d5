"""Parts of the exchange with an identity provider that real providers do in different ways."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, urlencode

from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from hitl.canonical import JsonObject

POST, BASIC = "client_secret_post", "client_secret_basic"
KINDS: dict[str, type[RSAKey] | type[ECKey] | type[OKPKey]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A form for the token endpoint, and the headers that go with it."""

    form: dict[str, str]
    headers: dict[str, str] = field(default_factory=dict)


def usable_keys(found: JsonObject) -> KeySet:
    """The keys of a published key set that can have signed a token; the others are ignored (RFC 7517, section 5)."""
    listed = found.get("keys")
    keys = [_key(each) for each in (listed if isinstance(listed, list) else [])]
    return KeySet([key for key in keys if key is not None])


def with_query(endpoint: str, asked: dict[str, str]) -> str:
    """Return the endpoint with these parameters behind those that it has already (OAuth 2.0, section 3.1).

    >>> with_query("https://id/auth?p=policy", {"state": "s"})
    'https://id/auth?p=policy&state=s'
    """
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"


def token_requests(metadata: JsonObject, client: str, secret: str, form: dict[str, str]) -> Iterator[TokenRequest]:
    """Yield the ways in which this client may prove itself, in the order to try. A provider may publish both and take one of
    them: it refuses the other with 401 before it looks at the code."""
    if not secret:
        yield TokenRequest({**form, "client_id": client})
        return
    published = metadata.get("token_endpoint_auth_methods_supported")
    takes = published if isinstance(published, list) and {POST, BASIC} & set(map(str, published)) else [POST, BASIC]
    if POST in takes:
        yield TokenRequest({**form, "client_id": client, "client_secret": secret})
    if BASIC in takes:
        pair = f"{quote_plus(client)}:{quote_plus(secret)}".encode()
        yield TokenRequest(form, {"authorization": f"Basic {b64encode(pair).decode()}"})


def _key(given: Any) -> Any:
    """Return a signing key that the library knows, or None."""
    if not isinstance(given, dict) or given.get("use", "sig") != "sig":
        return None
    try:
        key = KINDS[given["kty"]].import_key(given)
        _ = key.public_key  # some faults show only when the key is made
    except Exception:  # noqa: BLE001 - somebody else's key may be wrong in any way, and concerns nobody here
        return None
    return key
