"""Read the notifications file with variables from the environment; a wrong one stops the start and names its key."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from hitl.adapters.notify.kind import ChannelKind
from hitl.adapters.notify.kinds import KINDS
from hitl.chat.terms import ChatTerms, chat_terms
from hitl.errors import InvalidConfig
from hitl.outbox.destination import networks_of
from hitl.outbox.rules import Channel, Notifications
from hitl.outbox.signature import secret_of
from hitl.yaml_text import from_yaml

VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


def load_notifications(
    text: str, source: str, environment: Mapping[str, str], kinds: Mapping[str, ChannelKind] = KINDS
) -> Notifications:
    """Load the configuration in the YAML ``text``. A value with a variable that is not set becomes empty. Raises
    InvalidConfig."""
    try:
        config = Notifications.model_validate(_filled(from_yaml(text, source) or {}, environment))
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidConfig(source, ".".join(str(part) for part in first["loc"]), first["msg"]) from error
    networks_of(config.allow_networks)
    for name, channel in config.channels.items():
        _check(f"channels.{name}", channel, source, kinds)
    return config


def load_chat(text: str, source: str, environment: Mapping[str, str]) -> ChatTerms:
    """The terms of votes from outside in the YAML ``text``, with variables filled in as above. Raises InvalidConfig."""
    return chat_terms(_filled(from_yaml(text, source) or {}, environment), source)


def _check(key: str, channel: Channel, source: str, kinds: Mapping[str, ChannelKind]) -> None:
    if channel.type not in kinds:
        raise InvalidConfig(source, f"{key}.type", f"expected one of {', '.join(sorted(kinds))}")
    if channel.format != "plain" and channel.type != "webhook":
        raise InvalidConfig(source, f"{key}.format", "left out: only webhooks have a format")
    for secret in channel.secrets:
        secret_of(secret)
    try:
        kinds[channel.type].check(channel)
    except ValueError as error:
        raise InvalidConfig(source, key, str(error)) from error


def _filled(value: Any, environment: Mapping[str, str]) -> Any:
    """``value`` with its variables filled in; texts of a list that become empty fall out, so that a second secret is optional."""
    if isinstance(value, dict):
        return {key: _filled(each, environment) for key, each in value.items()}
    if isinstance(value, list):
        return [filled for each in value if (filled := _filled(each, environment)) != ""]
    return _fill(value, environment) if isinstance(value, str) else value


def _fill(text: str, environment: Mapping[str, str]) -> str:
    missing = any(not environment.get(name) for name in VARIABLE.findall(text))
    return "" if missing else VARIABLE.sub(lambda found: environment[found.group(1)], text)
