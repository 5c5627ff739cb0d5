"""Incidents at PagerDuty, opened and resolved under one key (Events API v2)."""

from typing import Literal

from hitl.adapters.notify.kind import ChannelKind, Surroundings
from hitl.adapters.notify.posting import guard_of, post_json
from hitl.adapters.notify.webhook import Guard
from hitl.canonical import JsonObject, digest_of
from hitl.outbox.delivery import Delivery
from hitl.outbox.ports import Sender
from hitl.outbox.rules import Channel

SEVERITIES: dict[str, Literal["info", "warning", "critical"]] = {"warning": "warning", "failure": "critical"}
MOST_SUMMARY = 1_024
SUBJECTS = ("key", "task", "approval_id", "workflow_id", "shard")
"""Fields that say what an incident is about, the first that is there."""


class PagerDutySender:
    """A hitl.outbox.Sender."""

    def __init__(self, url: str, key: str, guard: Guard) -> None:
        self._url, self._key, self._guard = url, key, guard

    async def send(self, delivery: Delivery) -> None:
        await post_json(self._url, incident_of(delivery, self._key), self._guard)


def incident_of(delivery: Delivery, routing_key: str) -> JsonObject:
    """Return the event. An alert, its escalation and its end have one key, so that the end resolves what the start opened."""
    action = "resolve" if delivery.kind == "alert.resolved" else "trigger"
    event: JsonObject = {"routing_key": routing_key, "event_action": action, "dedup_key": _key_of(delivery)}
    if action == "resolve":
        return event
    facts = delivery.body.get("data", {})
    severity = SEVERITIES.get(delivery.severity, "info")
    payload: JsonObject = {"summary": delivery.title[:MOST_SUMMARY], "source": "ray-hitl", "severity": severity}
    return {**event, "payload": {**payload, "custom_details": facts}}


def _key_of(delivery: Delivery) -> str:
    """Of the rule and its subject, at most 255 characters as PagerDuty wants."""
    data = delivery.body.get("data", {})
    subject = next((data[name] for name in SUBJECTS if data.get(name)), delivery.id)
    return digest_of(f"{delivery.body.get('rule')}\x00{subject}".encode())


def _check(channel: Channel) -> None:
    if channel.url and not channel.key:
        raise ValueError("key: the integration's routing key")


def _open_sender(name: str, channel: Channel, around: Surroundings) -> Sender:
    return PagerDutySender(channel.url, channel.key, guard_of(around.config))


PAGERDUTY = ChannelKind("pagerduty", _open_sender, _check)
