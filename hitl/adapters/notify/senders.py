"""Build the senders of the configured channels."""

from collections.abc import Mapping

from hitl.adapters.notify.handler import Unset
from hitl.adapters.notify.kind import ChannelKind, Surroundings
from hitl.adapters.notify.kinds import KINDS
from hitl.adapters.notify.voting import OutsideVoting
from hitl.adapters.valkey.inbox import ValkeyInbox
from hitl.outbox.ports import Sender
from hitl.outbox.rules import Notifications


def senders(
    config: Notifications,
    inbox: ValkeyInbox,
    handlers: Mapping[str, Sender],
    kinds: Mapping[str, ChannelKind] = KINDS,
    voting: OutsideVoting | None = None,
) -> dict[str, Sender]:
    """Return a sender for every channel of a configuration that ``load_notifications`` checked. Raises InvalidConfig."""
    around = Surroundings(config, inbox, handlers, voting)
    return {
        name: kinds[channel.type].open_sender(name, channel, around) if channel.is_configured else Unset()
        for name, channel in config.channels.items()
    }
