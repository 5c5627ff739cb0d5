"""Send e-mail, Slack, PagerDuty and other messages by apprise URLs, which the operator configures.

Where a service merges messages by their first line (PagerDuty with ``action=map``), an alert and its end have the same one.
"""

import asyncio

import apprise

from hitl.adapters.notify.kind import ChannelKind, Surroundings
from hitl.errors import DeliveryFailed, InvalidConfig
from hitl.outbox.delivery import Delivery
from hitl.outbox.ports import Sender
from hitl.outbox.rules import Channel

TIMEOUT_S = 30.0


class AppriseSender:
    """A hitl.outbox.Sender."""

    def __init__(self, channel: str, url: str) -> None:
        """Raises InvalidConfig for a URL that apprise does not know; its text never shows the URL, which holds a secret."""
        self._channel = apprise.Apprise()
        if not self._channel.add(url):
            raise InvalidConfig("notifications", f"channels.{channel}.url", "apprise does not know this kind of URL")

    async def send(self, delivery: Delivery) -> None:
        try:
            async with asyncio.timeout(TIMEOUT_S):
                # A thread, although apprise has an asynchronous form: that one runs the same blocking code in threads.
                was_taken = await asyncio.to_thread(self._notify, delivery)
        except TimeoutError as error:
            raise DeliveryFailed(f"no answer within {TIMEOUT_S:g} s") from error
        if not was_taken:
            raise DeliveryFailed("the service did not take the message")

    def _notify(self, delivery: Delivery) -> bool:
        kind = apprise.NotifyType(delivery.severity)
        return bool(self._channel.notify(title=delivery.title, body=text_of(delivery), notify_type=kind))


def text_of(delivery: Delivery) -> str:
    """Return the message for people: one line a fact, and the id that tells repetitions apart."""
    facts = {name: value for name, value in delivery.body.get("data", {}).items() if value not in (None, "")}
    return "\n".join([f"{name}: {value}" for name, value in facts.items()] + [f"message: {delivery.id}"])


def _open_sender(name: str, channel: Channel, around: Surroundings) -> Sender:
    return AppriseSender(name, channel.url)


APPRISE = ChannelKind("apprise", _open_sender)
