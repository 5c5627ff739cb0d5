"""Messages into a Slack channel by an app's incoming webhook: requests with buttons, alerts, and their end."""

from hitl.adapters.notify.apprise import text_of
from hitl.adapters.notify.kind import ChannelKind, Surroundings
from hitl.adapters.notify.posting import guard_of, post_json
from hitl.adapters.notify.voting import ASKING, OutsideVoting
from hitl.adapters.notify.webhook import Guard
from hitl.chat.slack import plain_message, vote_message
from hitl.errors import InvalidConfig
from hitl.outbox.delivery import Delivery
from hitl.outbox.ports import Sender
from hitl.outbox.rules import Channel

MARKS = {"alert.resolved": "Resolved: ", "alert.escalated": "Still standing: "}


class SlackSender:
    """A hitl.outbox.Sender."""

    def __init__(self, url: str, guard: Guard, voting: OutsideVoting) -> None:
        self._url, self._guard, self._voting = url, guard, voting

    async def send(self, delivery: Delivery) -> None:
        text = f"{MARKS.get(delivery.kind, '')}{delivery.title}\n{text_of(delivery)}"
        if delivery.kind in ASKING:
            body = vote_message(text, self._voting.page(delivery), self._voting.token(delivery))
        else:
            body = plain_message(text)
        await post_json(self._url, body, self._guard)


def _open_sender(name: str, channel: Channel, around: Surroundings) -> Sender:
    if around.voting is None:
        raise InvalidConfig("notifications", f"channels.{name}.type", "the service's own address is not known here")
    return SlackSender(channel.url, guard_of(around.config), around.voting)


SLACK = ChannelKind("slack", _open_sender)
