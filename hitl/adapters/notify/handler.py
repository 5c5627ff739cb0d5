"""Channels whose sender the program brings, and channels that nobody has filled in."""

from hitl.adapters.notify.kind import ChannelKind, Surroundings
from hitl.errors import DeliveryFailed
from hitl.outbox.delivery import Delivery
from hitl.outbox.ports import Sender
from hitl.outbox.rules import HANDLER, Channel


class Unset:
    """A hitl.outbox.Sender of a channel that has no URL and nothing that stands in for it: it may get one with a restart."""

    async def send(self, delivery: Delivery) -> None:
        raise DeliveryFailed("the channel is not configured")


def _open_sender(name: str, channel: Channel, around: Surroundings) -> Sender:
    return around.handlers.get(name, Unset())


HANDLER_KIND = ChannelKind(HANDLER, _open_sender)
