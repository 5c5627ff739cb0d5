"""What a kind of channel is: how a channel of it is checked, and how its sender is opened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hitl.adapters.notify.voting import OutsideVoting
from hitl.adapters.valkey.inbox import ValkeyInbox
from hitl.outbox.ports import Sender
from hitl.outbox.rules import Channel, Notifications


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a sender may need beside its channel. ``handlers`` are the program's own senders, by the channel's name; ``voting``
    makes what votes from outside need."""

    config: Notifications
    inbox: ValkeyInbox
    handlers: Mapping[str, Sender]
    voting: OutsideVoting | None = None


def accept_any(channel: Channel) -> None:
    """The check of a kind that works with every channel that the file's schema lets through."""


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """``name`` is the channel's ``type`` in the file. ``open_sender`` makes the sender of a configured channel from its name, and
    raises InvalidConfig. ``check`` raises ValueError, with what it expected, for a channel that could never send."""

    name: str
    open_sender: Callable[[str, Channel, Surroundings], Sender]
    check: Callable[[Channel], None] = accept_any
