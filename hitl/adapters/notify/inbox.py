"""Channels into the console's inboxes."""

from hitl.adapters.notify.kind import ChannelKind, Surroundings
from hitl.adapters.valkey.inbox import InboxSender
from hitl.outbox.ports import Sender
from hitl.outbox.rules import Channel


def _open_sender(name: str, channel: Channel, around: Surroundings) -> Sender:
    return InboxSender(around.inbox, channel.to)


INBOX = ChannelKind("inbox", _open_sender)
