"""The configuration of votes from outside: secrets, and which account each person of a chat is (``configs/chat.yaml``)."""

import base64
import binascii
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from hitl.errors import InvalidConfig

FEWEST_BYTES = 32
"""Of a secret that signs links."""

Account = Annotated[str, Field(max_length=128, pattern=r"^[\w.@:+-]+$")]
OfChat = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]


class _Config(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChatNames(_Config):
    """Who a person is in each chat: Slack's user id (``U012ABCDEF``), Teams' Azure object id."""

    slack: OfChat | None = None
    teams: OfChat | None = None


class SlackTerms(_Config):
    """``signing_secret`` is the app's; ``team`` the workspace, since user ids are unique within one alone."""

    signing_secret: Annotated[str, Field(min_length=16)]
    team: OfChat


class TeamsTerms(_Config):
    """``secret`` is the security token of the outgoing webhook (base64); ``tenant`` the organisation's."""

    secret: Annotated[str, Field(min_length=16)]
    tenant: OfChat

    @property
    def key(self) -> bytes:
        return base64.b64decode(self.secret, validate=True)


class ChatTerms(_Config):
    """``link_secrets`` sign links and buttons: the first signs, all are believed. ``people`` by account."""

    link_secrets: Annotated[tuple[str, ...], Field(min_length=1)]
    link_hours: Annotated[float, Field(gt=0, le=168)] = 24.0
    slack: SlackTerms | None = None
    teams: TeamsTerms | None = None
    people: dict[Account, ChatNames] = {}

    @property
    def link_keys(self) -> list[bytes]:
        return [secret.encode() for secret in self.link_secrets]

    def of_slack(self, user: str) -> str | None:
        """Return the account of a Slack user."""
        return next((account for account, names in self.people.items() if names.slack == user), None)

    def of_teams(self, user: str) -> str | None:
        """Return the account of a Teams user."""
        return next((account for account, names in self.people.items() if names.teams == user), None)

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        if any(len(secret.encode()) < FEWEST_BYTES for secret in self.link_secrets):
            raise ValueError(f"link_secrets: at least {FEWEST_BYTES} bytes each")
        for chat in ("slack", "teams"):
            named = [name for names in self.people.values() if (name := getattr(names, chat)) is not None]
            if len(set(named)) < len(named):
                raise ValueError(f"people: one account for each user of {chat}")
        try:
            _ = self.teams.key if self.teams else b""
        except binascii.Error as error:
            raise ValueError("teams.secret: base64") from error
        return self


def chat_terms(plain: object, source: str) -> ChatTerms:
    """Raises InvalidConfig that names the key and shows no value."""
    try:
        return ChatTerms.model_validate(plain)
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidConfig(source, ".".join(str(part) for part in first["loc"]) or "chat", first["msg"]) from error
