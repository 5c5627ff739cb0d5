"""Alerts: compare a rule's readings with its threshold; notify at the start, at escalation and at the end."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from hitl.outbox.delivery import Delivery
from hitl.outbox.rules import AlertRule, Notifications, messages


@dataclass(frozen=True, slots=True)
class Reading:
    """The current reading of a rule's watch for ``key``: an approval, an experiment, or ``all``."""

    key: str
    value: float
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """An alert that was told and is not over. ``seq`` grows with each of its changes."""

    rule: str
    key: str
    seq: int
    fired_at: float
    value: float
    escalated_at: float | None = None

    def plain(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Change:
    """``after`` None: the alert is over. ``deliveries`` are made in the same step as the change is written."""

    kind: str
    name: str
    before: OpenAlert | None
    after: OpenAlert | None
    deliveries: list[Delivery]


def name_of(rule: AlertRule, key: str) -> str:
    return f"{rule.name}:{key}"


def changes(
    rule: AlertRule, readings: Sequence[Reading], standing: Mapping[str, OpenAlert], now: float, config: Notifications
) -> list[Change]:
    """Changes of the rule's alerts from ``readings``; ``standing`` are all alerts by name. Empty when nothing changed."""
    high = {name_of(rule, reading.key): reading for reading in readings if reading.value >= rule.threshold}
    mine = {name: alert for name, alert in standing.items() if alert.rule == rule.name}
    voice = Voice(rule, now, config)
    fired = [_fire(voice, name, reading) for name, reading in high.items() if name not in mine]
    over = [_resolve(voice, name, alert) for name, alert in mine.items() if name not in high]
    late = [_escalate(voice, name, mine[name], high[name]) for name in high if name in mine and _is_late(rule, mine[name], now)]
    return [*fired, *over, *late]


@dataclass(frozen=True, slots=True)
class Voice:
    """Tells of the alerts of one rule at one moment. One title for the whole life of an alert: services that merge by it close
    what they opened."""

    rule: AlertRule
    now: float
    config: Notifications

    def tell(self, kind: str, name: str, alert: OpenAlert, channels: Sequence[str], data: dict[str, Any]) -> list[Delivery]:
        source = f"alert-{name}-{int(alert.fired_at * 1000)}-{kind}"
        figures = {"value": alert.value, "threshold": self.rule.threshold}
        facts = {"alert": self.rule.name, "key": alert.key, "state": kind, **figures, **data}
        message = {
            "kind": f"alert.{kind}",
            "title": f"{self.rule.name}: {alert.key}",
            "body": {"type": f"alert.{kind}", "source": source, "timestamp": self.now, "rule": self.rule.name, "data": facts},
            "created_at": self.now,
            "severity": "success" if kind == "resolved" else "failure",
            "next_at": self.now,
        }
        return messages(self.config, channels, source, 0, message)


def _is_late(rule: AlertRule, alert: OpenAlert, now: float) -> bool:
    return rule.escalation is not None and alert.escalated_at is None and now >= alert.fired_at + rule.escalation.after_s


def _fire(voice: Voice, name: str, reading: Reading) -> Change:
    alert = OpenAlert(voice.rule.name, reading.key, 1, voice.now, reading.value)
    extra = {"priority": "urgent"} if voice.rule.priority_escalation else {}
    told = voice.tell("fired", name, alert, voice.rule.channels, {**reading.data, **extra})
    return Change("fired", name, None, alert, told)


def _escalate(voice: Voice, name: str, alert: OpenAlert, reading: Reading) -> Change:
    if voice.rule.escalation is None:
        raise ValueError("only a rule with an escalation is late")
    later = replace(alert, seq=alert.seq + 1, value=reading.value, escalated_at=voice.now)
    data = {**reading.data, "policy": voice.rule.escalation.policy, "priority": "urgent"}
    return Change("escalated", name, alert, later, voice.tell("escalated", name, later, voice.rule.escalation.channels, data))


def _resolve(voice: Voice, name: str, alert: OpenAlert) -> Change:
    """Everybody who was told is told that it is over."""
    also = voice.rule.escalation.channels if voice.rule.escalation and alert.escalated_at is not None else ()
    told = voice.tell("resolved", name, alert, (*voice.rule.channels, *also), {"stood_s": voice.now - alert.fired_at})
    return Change("resolved", name, alert, None, told)
