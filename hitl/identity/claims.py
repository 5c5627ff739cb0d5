"""Map the claims of an identity provider to an account, by the installation's rules."""

import re
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hitl.errors import Forbidden, InvalidConfig
from hitl.identity.accounts import Account
from hitl.identity.principal import Role
from hitl.yaml_text import from_yaml

PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
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
    account's name; their groups become rights by ``groups``, and nothing else does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
    issuer: Annotated[str, Field(pattern=r"^https?://[^?#]+$")]
    client_id: Annotated[str, Field(min_length=1)]
    redirect_uri: Annotated[str, Field(pattern=r"^https?://.+/v1/oidc/callback$")]
    scopes: list[str] = ["openid", "profile"]
    algorithms: Annotated[list[str], Field(min_length=1)] = ["RS256", "ES256"]
    clock_skew_s: Annotated[int, Field(ge=0, le=300)] = 60
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
    if unsafe := set(config.algorithms) - SIGNED_WITH:
        raise InvalidConfig(source, "algorithms", f"{', '.join(sorted(unsafe))}: only {', '.join(sorted(SIGNED_WITH))}")
    return config


def account_of(config: OidcConfig, claims: dict[str, Any]) -> Account:
    """The account of a person with these verified claims. Raises Forbidden for who has none of the groups.

    Rights are bounded only where every group that gives some is: a group without bounds means every task.
    """
    name, groups = str(claims.get(config.account_claim, "")), claims.get(config.groups_claim, [])
    rights = [config.groups[group] for group in groups if group in config.groups] if isinstance(groups, list) else []
    if not PLAIN.fullmatch(name) or not rights:
        raise Forbidden("the person", "sign in: no group of theirs has a role here")
    return Account(
        f"{name}@{config.name}",
        frozenset(role for each in rights for role in each.roles),
        _bound([each.tasks for each in rights]),
        _bound([each.queues for each in rights]),
        frozenset(skill for each in rights for skill in each.skills),
    )


def _bound(parts: list[list[str]]) -> frozenset[str]:
    return frozenset(name for part in parts for name in part) if all(parts) else frozenset()
