"""Cards into a Teams channel by the URL of a workflow ("When a Teams webhook request is received")."""

from hitl.adapters.notify.apprise import text_of
from hitl.adapters.notify.kind import ChannelKind, Surroundings
from hitl.adapters.notify.posting import guard_of, post_json
from hitl.adapters.notify.slack import MARKS
from hitl.adapters.notify.voting import OutsideVoting
from hitl.adapters.notify.webhook import Guard
from hitl.chat.teams import ask_card, code_of
from hitl.errors import InvalidConfig
from hitl.outbox.delivery import Delivery
from hitl.outbox.ports import Sender
from hitl.outbox.rules import Channel


class TeamsSender:
    """A hitl.outbox.Sender."""

    def __init__(self, url: str, guard: Guard, voting: OutsideVoting) -> None:
        self._url, self._guard, self._voting = url, guard, voting

    async def send(self, delivery: Delivery) -> None:
        text = f"{MARKS.get(delivery.kind, '')}{delivery.title}\n\n{text_of(delivery)}"
        await post_json(self._url, ask_card(text, self._voting.page(delivery), self._how(delivery)), self._guard)

    def _how(self, delivery: Delivery) -> str | None:
        """Return the sentence that votes; None where no vote counts from here."""
        is_votable = self._voting.terms is not None and self._voting.terms.teams is not None
        if not is_votable or self._voting.token(delivery) is None:
            return None
        data = delivery.body["data"]
        return f"Mention the webhook and write: approve {data['approval_id']} {code_of(data['digest'])} (or reject)"


def _open_sender(name: str, channel: Channel, around: Surroundings) -> Sender:
    if around.voting is None:
        raise InvalidConfig("notifications", f"channels.{name}.type", "the service's own address is not known here")
    return TeamsSender(channel.url, guard_of(around.config), around.voting)


TEAMS = ChannelKind("teams", _open_sender)
