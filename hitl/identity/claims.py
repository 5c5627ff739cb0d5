"""Map the claims of an identity provider to an account, by the installation's rules."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hitl.canonical import JsonObject
from hitl.errors import Forbidden, InvalidConfig
from hitl.identity.accounts import Account
from hitl.identity.principal import Role
from hitl.identity.subjects import subject_id
from hitl.yaml_text import from_yaml

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
SIGNED_WITH = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
"""What a provider may sign with: never ``none``, and never a secret that both sides hold."""


class Rights(BaseModel):
    """Rights for one value of ``groups_claim``. ``tasks`` and ``queues`` empty: every one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    roles: Annotated[list[Role], Field(min_length=1)]
    tasks: list[str] = []
    queues: list[str] = []
    skills: list[str] = []


class OidcConfig(BaseModel):
    """``configs/oidc.yaml``. People become ``<account_claim>@<name>``, so that nobody at the provider can take a local
    account's name; their groups become rights by ``groups``, and nothing else does. A claim is named by its name, or by the way
    to it: ``realm_access.roles``. After ``rights_for_s`` seconds they are sent to the provider again, which says what their
    groups are by then. Machines come in by access tokens for ``api_audience``; None: by keys alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
    issuer: Annotated[str, Field(pattern=r"^https?://[^?#]+$")]
    client_id: Annotated[str, Field(min_length=1)]
    redirect_uri: Annotated[str, Field(pattern=r"^https?://.+/v1/oidc/callback$")]
    scopes: list[str] = ["openid", "profile"]
    algorithms: Annotated[list[str], Field(min_length=1)] = ["RS256", "ES256"]
    clock_skew_s: Annotated[int, Field(ge=0, le=300)] = 60
    api_audience: Annotated[str, Field(min_length=1)] | None = None
    rights_for_s: Annotated[float, Field(ge=60, le=86_400)] = 3600.0
    account_claim: str = "sub"
    groups_claim: str = "groups"
    groups: dict[str, Rights]


def load_oidc(text: str, source: str) -> OidcConfig:
    """Raises InvalidConfig that names the key."""
    try:
        config = OidcConfig.model_validate(from_yaml(text, source))
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidConfig(source, ".".join(map(str, first["loc"])), first["msg"]) from error
    if not is_safe_url(config.issuer):
        raise InvalidConfig(source, "issuer", "https://…, or http:// on this machine's loopback alone")
    if config.api_audience == config.client_id:
        raise InvalidConfig(source, "api_audience", "another audience than client_id: ID tokens are for the client alone")
    if unsafe := set(config.algorithms) - SIGNED_WITH:
        raise InvalidConfig(source, "algorithms", f"{', '.join(sorted(unsafe))}: only {', '.join(sorted(SIGNED_WITH))}")
    return config


def is_safe_url(url: str) -> bool:
    """Tell whether nobody on the way can change what the provider at ``url`` says: TLS, or loopback."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def account_of(config: OidcConfig, claims: JsonObject) -> Account:
    """The account of a person with these verified claims. Raises Forbidden, saying why, for who may not sign in.

    Rights are bounded only where every group that gives some is: a group without bounds means every task.
    """
    name, groups = _name(config, claims), _groups(config, claims)
    rights = [config.groups[group] for group in groups if group in config.groups]
    if not rights:
        raise Forbidden("the person", "sign in: no group of theirs has a role here")
    return Account(
        f"{subject_id(name)}@{config.name}",
        frozenset(role for each in rights for role in each.roles),
        _bound([each.tasks for each in rights]),
        _bound([each.queues for each in rights]),
        frozenset(skill for each in rights for skill in each.skills),
    )


def _name(config: OidcConfig, claims: JsonObject) -> str:
    """Raises Forbidden without one, or for an address that the provider has not verified."""
    name = _claim(claims, config.account_claim)
    if not isinstance(name, str) or not name:
        raise Forbidden("the person", f"sign in: the provider's token has no text in the claim {config.account_claim!r}")
    if {".", ".."} & set(name.split("/")):
        raise Forbidden("the person", f"sign in: their {config.account_claim!r} is written like a way through folders")
    if config.account_claim == "email" and claims.get("email_verified") is False:
        raise Forbidden("the person", "sign in: the provider has not verified their e-mail address")
    return name


def _groups(config: OidcConfig, claims: JsonObject) -> list[str]:
    """Return the groups; one alone may come as a text. Raises Forbidden without the claim."""
    found = _claim(claims, config.groups_claim)
    if found is None:
        raise Forbidden("the person", f"sign in: the provider's token has no claim {config.groups_claim!r}")
    listed = found if isinstance(found, list) else [found]
    return [group for group in listed if isinstance(group, str)]


def _claim(claims: JsonObject, name: str) -> Any:
    """Return the claim of this name, or the one that its dots lead to: ``realm_access.roles``. None where there is none."""
    if name in claims:
        return claims[name]
    parts = name.split(".")
    for at in range(len(parts) - 1, 0, -1):
        inner = claims.get(".".join(parts[:at]))
        if isinstance(inner, dict) and (found := _claim(inner, ".".join(parts[at:]))) is not None:
            return found
    return None


def _bound(parts: list[list[str]]) -> frozenset[str]:
    return frozenset(name for part in parts for name in part) if all(parts) else frozenset()
