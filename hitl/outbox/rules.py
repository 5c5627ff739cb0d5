"""Match events to channels by configuration, and turn them into deliveries. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from string import Template
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from hitl.outbox.delivery import Delivery
from hitl.outbox.facts import UNSETTLED, Fact

Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$")]
HANDLER = "handler"
"""The one type that names no destination in the file."""

TRIAL = "notification.test"
"""The kind of a message by which somebody sees whether the channel that it names works."""

Severity = Literal["info", "success", "warning", "failure"]


@dataclass(frozen=True, slots=True)
class ChannelView:
    """A channel without its address: ``is_configured`` says whether it leads anywhere here, ``takes_trials`` whether a test
    message can be sent to it, ``fallback`` what stands in for it while it is away."""

    name: str
    type: str
    is_configured: bool
    takes_trials: bool
    fallback: str | None


class _Config(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Channel(_Config):
    """A way out. ``type`` names its kind; ``hitl/adapters/notify/kinds.py`` lists them.

    ``url`` and ``secrets`` hold ``${NAME}`` for a variable of the environment; a channel whose variable is not set is away from
    the start, and its ``fallback`` gets what it would have got. ``to`` are the inboxes (``user:<id>``, ``role:<role>``,
    or ``user:$person`` of the person whom an event names) of an
    ``inbox``; a ``handler`` is filled in by the program. ``format`` is that of a webhook: our own, or CloudEvents 1.0.
    ``key`` is the routing key of ``pagerduty``.
    """

    type: Name
    url: str = ""
    secrets: tuple[str, ...] = ()
    to: tuple[Annotated[str, Field(pattern=r"^(user|role):.{1,128}$")], ...] = ()
    fallback: Name | None = None
    format: Literal["plain", "cloudevents"] = "plain"
    key: str = ""

    @property
    def takes_trials(self) -> bool:
        """Whether a test message can be sent to it: what the program fills in reads no messages."""
        return self.is_configured and self.type != HANDLER

    @property
    def is_configured(self) -> bool:
        """Whether it leads anywhere: to a URL, to somebody's inbox, or to the program itself."""
        return self.type == HANDLER or bool(self.url or self.to)


class NotificationRule(_Config):
    """Facts of the kinds ``events`` whose fields equal ``where`` go to every one of ``channels``. ``title`` may name fields:
    ``$task``."""

    name: Name
    events: Annotated[tuple[str, ...], Field(min_length=1)]
    where: dict[str, str | int | float | bool] = {}
    channels: Annotated[tuple[Name, ...], Field(min_length=1)]
    title: Annotated[str, Field(max_length=200)] = "$kind"
    severity: Severity = "info"

    @field_validator("events")
    @classmethod
    def _are_settled(cls, events: tuple[str, ...]) -> tuple[str, ...]:
        if unsettled := UNSETTLED.intersection(events):
            raise ValueError(f"{', '.join(sorted(unsettled))} can still change: DecisionFinal is told")
        return events


class Escalation(_Config):
    """The channels that are notified when an alert stands for ``after_s`` more; ``policy`` is its name."""

    policy: Name
    after_s: Annotated[float, Field(gt=0)]
    channels: Annotated[tuple[Name, ...], Field(min_length=1)]


class AlertRule(_Config):
    """``watch`` names what is measured (hitl.outbox.alerts); the alert stands while it is at ``threshold`` or above."""

    name: Name
    watch: Literal[
        "oldest_pending_approval_s",
        "consecutive_run_failures",
        "pending_deployment_approvals",
        "dead_deliveries",
        "shard_troubles",
        "unanswered_checks",
    ]
    threshold: Annotated[float, Field(gt=0)]
    channels: Annotated[tuple[Name, ...], Field(min_length=1)]
    escalation: Escalation | None = None
    auto_retry: bool = False
    priority_escalation: bool = False


class Notifications(_Config):
    """The whole of configs/notifications.yaml. ``allow_networks`` and ``allow_http`` loosen the guard of webhooks."""

    channels: dict[Name, Channel] = {}
    rules: tuple[NotificationRule, ...] = ()
    alerts: tuple[AlertRule, ...] = ()
    allow_networks: tuple[str, ...] = ()
    allow_http: bool = False

    @model_validator(mode="after")
    def _names_exist(self) -> "Notifications":
        for name in self._named():
            if name not in self.channels:
                raise ValueError(f"no channel {name}")
        return self

    def shown(self) -> list["ChannelView"]:
        """Return the channels in the order of the file, without their addresses."""
        return [
            ChannelView(name, each.type, each.is_configured, each.takes_trials, each.fallback)
            for name, each in self.channels.items()
        ]

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of facts that anybody may be told of."""
        return frozenset({TRIAL, *(kind for rule in self.rules for kind in rule.events)})

    def reachable(self, name: str) -> str | None:
        """Return the channel, or the first of its fallbacks that is configured; None when none is: then nobody is told."""
        seen: list[str] = []
        at: str | None = name
        while at is not None and at not in seen:
            if self.channels[at].is_configured:
                return at
            seen.append(at)
            at = self.channels[at].fallback
        return None

    def _named(self) -> list[str]:
        of_rules = [name for rule in self.rules for name in rule.channels]
        of_alerts = [name for rule in self.alerts for name in rule.channels]
        of_escalations = [name for rule in self.alerts if rule.escalation for name in rule.escalation.channels]
        return [*of_rules, *of_alerts, *of_escalations, *(each.fallback for each in self.channels.values() if each.fallback)]


def deliveries_for(facts: Sequence[Fact], config: Notifications) -> list[Delivery]:
    """Return the deliveries of the facts of one source, each with the id ``<source>-<n>``, n counting from 1."""
    made: list[Delivery] = []
    for fact in facts:
        made += _trial(config, fact, len(made)) if fact.kind == TRIAL else []
        for rule in config.rules:
            if fact.kind in rule.events and _fits(rule, fact.fields):
                made += messages(config, rule.channels, fact.source, len(made), _message(rule, fact))
    return made


def messages(
    config: Notifications, channels: Sequence[str], source: str, numbered_after: int, message: dict[str, Any]
) -> list[Delivery]:
    """``message`` for each of ``channels``, or for what stands in for it; each channel gets it once."""
    found = dict.fromkeys(name for name in map(config.reachable, channels) if name is not None)
    return [
        Delivery(id=f"{source}-{numbered_after + n}", channel=name, fallback=config.channels[name].fallback, **message)
        for n, name in enumerate(found, 1)
    ]


def _trial(config: Notifications, fact: Fact, numbered_after: int) -> list[Delivery]:
    """Return the message to the very channel that ``fact`` names: what stands in for it would prove nothing about it."""
    channel = config.channels.get(str(fact.fields.get("channel")))
    if channel is None or not channel.takes_trials:
        return []
    rule = NotificationRule(name="test", events=(TRIAL,), channels=(fact.fields["channel"],), title="Test message by $by")
    return [Delivery(id=f"{fact.source}-{numbered_after + 1}", channel=fact.fields["channel"], **_message(rule, fact))]


def _fits(rule: NotificationRule, fields: dict[str, Any]) -> bool:
    return all(name in fields and fields[name] == value for name, value in rule.where.items())


def _message(rule: NotificationRule, fact: Fact) -> dict[str, Any]:
    title = Template(rule.title).safe_substitute({name: str(value) for name, value in fact.fields.items()}, kind=fact.kind)
    body = {"type": fact.kind, "source": fact.source, "timestamp": fact.at, "rule": rule.name, "data": fact.fields}
    return {
        "kind": fact.kind,
        "title": title,
        "body": body,
        "created_at": fact.at,
        "severity": rule.severity,
        "next_at": fact.at,
    }
