"""Build the senders of the configured channels."""

from collections.abc import Mapping

from hitl.adapters.notify.apprise import AppriseSender
from hitl.adapters.notify.webhook import Guard, WebhookSender
from hitl.adapters.valkey.inbox import InboxSender, ValkeyInbox
from hitl.errors import DeliveryFailed
from hitl.outbox.delivery import Delivery
from hitl.outbox.destination import networks_of
from hitl.outbox.ports import Sender
from hitl.outbox.rules import Channel, Notifications
from hitl.outbox.signature import secret_of


class Unset:
    """A hitl.outbox.Sender of a channel that has no URL and nothing that stands in for it: it may get one with a restart."""

    async def send(self, delivery: Delivery) -> None:
        raise DeliveryFailed("the channel is not configured")


def senders(config: Notifications, inbox: ValkeyInbox, handlers: Mapping[str, Sender]) -> dict[str, Sender]:
    """A sender for every channel; those of type ``handler`` are ``handlers`` by the channel's name. Raises InvalidConfig."""
    guard = Guard(networks_of(config.allow_networks), config.allow_http)
    return {name: _sender(name, channel, guard, inbox, handlers) for name, channel in config.channels.items()}


def _sender(name: str, channel: Channel, guard: Guard, inbox: ValkeyInbox, handlers: Mapping[str, Sender]) -> Sender:
    if channel.type == "handler":
        return handlers.get(name, Unset())
    if channel.type == "inbox":
        return InboxSender(inbox, channel.to)
    if not channel.is_configured:
        return Unset()
    if channel.type == "apprise":
        return AppriseSender(name, channel.url)
    return WebhookSender(channel.url, [secret_of(secret) for secret in channel.secrets], guard)
