"""Send one person a message with a link by which that person votes: e-mail, or any other apprise URL that reaches them alone."""

from dataclasses import replace

from hitl.adapters.notify.apprise import AppriseSender
from hitl.adapters.notify.kind import ChannelKind, Surroundings
from hitl.adapters.notify.voting import OutsideVoting
from hitl.errors import InvalidConfig
from hitl.outbox.delivery import Delivery
from hitl.outbox.ports import Sender
from hitl.outbox.rules import Channel

USER = "user:"


class VoteLinkSender:
    """A hitl.outbox.Sender. The link is made when the message leaves: no store and no log holds it."""

    def __init__(self, by: AppriseSender, person: str, voting: OutsideVoting) -> None:
        self._by, self._person, self._voting = by, person, voting

    async def send(self, delivery: Delivery) -> None:
        link = self._voting.link(delivery, self._person)
        more = {"open": self._voting.page(delivery)} if link is None else {"vote": link}
        body = {**delivery.body, "data": {**delivery.body.get("data", {}), **more}}
        await self._by.send(replace(delivery, body=body))


def _check(channel: Channel) -> None:
    if channel.url and (len(channel.to) != 1 or not channel.to[0].startswith(USER)):
        raise ValueError(f"to: exactly one {USER}<account>, whom the url reaches and nobody else")


def _open_sender(name: str, channel: Channel, around: Surroundings) -> Sender:
    if around.voting is None or around.voting.terms is None:
        raise InvalidConfig("notifications", f"channels.{name}.type", "HITL_CHAT_FILE must name the secrets of vote links")
    return VoteLinkSender(AppriseSender(name, channel.url), channel.to[0].removeprefix(USER), around.voting)


VOTE_LINK = ChannelKind("vote-link", _open_sender, _check)
