"""The senders against real sockets, and the guard against names that lead inside."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from hitl.adapters.notify.apprise import AppriseSender
from hitl.adapters.notify.handler import Unset
from hitl.adapters.notify.kind import ChannelKind, Surroundings
from hitl.adapters.notify.kinds import KINDS
from hitl.adapters.notify.load import load_notifications
from hitl.adapters.notify.senders import senders
from hitl.adapters.notify.webhook import Guard, WebhookSender
from hitl.errors import DeliveryFailed, ForbiddenDestination, InvalidConfig, Undeliverable
from hitl.outbox import Channel, Delivery
from hitl.outbox.destination import networks_of
from tests.outbox.receiver import Receiver, receiving

DELIVERY = Delivery("approval-1-1", "c", "Deployed", "digits: deployed", {"data": {"task": "digits"}}, 1.0)
HERE = networks_of(["127.0.0.0/8"])


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


def lead_to(*addresses: str) -> "Names":
    return Names(list(addresses))


class Names:
    """A name service whose answers change: the next call gets the next address."""

    def __init__(self, addresses: list[str]) -> None:
        self.addresses, self.asked = addresses, 0

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked += 1
        return [self.addresses[min(self.asked, len(self.addresses)) - 1]]


async def test_a_name_that_leads_inside_is_refused(receiver: Receiver) -> None:
    sender = WebhookSender(receiver.url, [b"k" * 32], Guard((), True, lead_to("127.0.0.1")))
    with pytest.raises(ForbiddenDestination):
        await sender.send(DELIVERY)
    assert receiver.received == []


async def test_the_connection_goes_to_the_address_that_was_checked(receiver: Receiver) -> None:
    names = lead_to("127.0.0.1", "10.0.0.1")
    url = receiver.url.replace("127.0.0.1", "rebinding.example")
    await WebhookSender(url + "/in?x=1", [b"k" * 32], Guard(HERE, True, names)).send(DELIVERY)
    assert names.asked == 1
    assert receiver.received[0].headers["host"].startswith("rebinding.example:")
    assert receiver.received[0].path == "/in?x=1"


async def test_plain_http_needs_to_be_allowed(receiver: Receiver) -> None:
    with pytest.raises(ForbiddenDestination):
        await WebhookSender(receiver.url, [b"k" * 32], Guard(HERE, False)).send(DELIVERY)


async def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.answers = [307]
    with pytest.raises(Undeliverable):
        await WebhookSender(receiver.url, [b"k" * 32], Guard(HERE, True)).send(DELIVERY)
    assert len(receiver.received) == 1


async def test_a_receiver_that_hangs_costs_the_limit(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hitl.adapters.notify.webhook.TIMEOUT_S", 0.1)
    receiver.delay_s = 1.0
    with pytest.raises(DeliveryFailed):
        await WebhookSender(receiver.url, [b"k" * 32], Guard(HERE, True)).send(DELIVERY)


async def test_a_body_beyond_the_limit_is_not_sent(receiver: Receiver) -> None:
    large = Delivery("a-1-1", "c", "k", "t", {"data": {"text": "x" * 300_000}}, 1.0)
    with pytest.raises(Undeliverable):
        await WebhookSender(receiver.url, [b"k" * 32], Guard(HERE, True)).send(large)
    assert receiver.received == []


async def test_a_name_that_nobody_knows_is_tried_again_later() -> None:
    with pytest.raises(DeliveryFailed):
        await WebhookSender("https://no-such-host.invalid/", [b"k" * 32], Guard((), False)).send(DELIVERY)


async def test_a_generic_channel_of_apprise_gets_the_message(receiver: Receiver) -> None:
    sender = AppriseSender("generic", receiver.url.replace("http://", "json://") + "/notify")
    await sender.send(DELIVERY)
    assert b"approval-1-1" in receiver.received[0].body
    receiver.answers = [500]
    with pytest.raises(DeliveryFailed):
        await sender.send(DELIVERY)


@pytest.mark.parametrize(
    "url", ["mailto://me:secret@example.org", "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "pagerduty://r@k"]
)
def test_the_channels_of_the_documents_are_known_to_apprise(url: str) -> None:
    AppriseSender("c", url)


def test_an_unknown_channel_is_refused_without_showing_its_secret() -> None:
    with pytest.raises(InvalidConfig) as refused:
        AppriseSender("c", "pigeon://secret")
    assert "secret" not in str(refused.value)


async def test_mail_is_handed_to_its_server() -> None:
    lines: list[str] = []
    server = await asyncio.start_server(lambda r, w: _mail_server(r, w, lines), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await AppriseSender("email", f"mailto://127.0.0.1:{port}?from=a@example.org&to=b@example.org&mode=insecure").send(DELIVERY)
    server.close()
    assert any(line.startswith("Subject: digits: deployed") for line in lines)


async def _mail_server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lines: list[str]) -> None:
    """As much of SMTP as takes one message."""
    writer.write(b"220 here\r\n")
    in_data = False
    async for raw in reader:
        line = raw.decode().rstrip("\r\n")
        lines.append(line)
        in_data = (in_data or line.upper() == "DATA") and line != "."
        if line == "QUIT":
            break
        if line.upper() == "DATA":
            writer.write(b"354 go on\r\n")
        elif not in_data:
            writer.write(b"250 fine\r\n")
    writer.close()


class Pigeon:
    """A sender that keeps what it was given."""

    def __init__(self, url: str) -> None:
        self.url, self.sent = url, list[Delivery]()

    async def send(self, delivery: Delivery) -> None:
        self.sent.append(delivery)


def only_lofts(channel: Channel) -> None:
    if channel.url and not channel.url.startswith("loft://"):
        raise ValueError("expected a URL loft://town")


def open_pigeon(name: str, channel: Channel, around: Surroundings) -> Pigeon:
    return Pigeon(channel.url)


PIGEONS = {**KINDS, "pigeon": ChannelKind("pigeon", open_pigeon, only_lofts)}
FLOCK = "channels: {coo: {type: pigeon, url: '%s', fallback: box}, box: {type: inbox, to: ['role:operator']}}"


def test_a_kind_of_channel_is_one_registration() -> None:
    made = senders(load_notifications(FLOCK % "loft://ghent", "n.yaml", {}, PIGEONS), None, {}, PIGEONS)  # type: ignore[arg-type]
    assert isinstance(made["coo"], Pigeon)
    assert made["coo"].url == "loft://ghent"


def test_a_kind_of_channel_refuses_what_it_could_never_send() -> None:
    with pytest.raises(InvalidConfig, match=r"channels\.coo: expected a URL loft://town"):
        load_notifications(FLOCK % "https://ghent", "n.yaml", {}, PIGEONS)


def test_a_type_that_no_kind_has_is_refused_with_those_there_are() -> None:
    there_are = "apprise, handler, inbox, pagerduty, slack, teams, vote-link, webhook"
    with pytest.raises(InvalidConfig, match=rf"channels\.coo\.type: expected one of {there_are}"):
        load_notifications(FLOCK % "loft://ghent", "n.yaml", {})


def test_a_channel_without_a_destination_has_no_sender_and_its_fallback_stands_in() -> None:
    config = load_notifications(FLOCK % "${LOFT}", "n.yaml", {}, PIGEONS)
    assert isinstance(senders(config, None, {}, PIGEONS)["coo"], Unset)  # type: ignore[arg-type]
    assert config.reachable("coo") == "box"


async def _both(host: str, port: int) -> list[str]:
    return ["::1", "127.0.0.1"]


EITHER = networks_of(["127.0.0.0/8", "::1/128"])


async def test_a_dead_address_is_passed_over_for_the_next_one(receiver: Receiver) -> None:
    url = receiver.url.replace("127.0.0.1", "hook.example")
    await WebhookSender(url, [b"k" * 32], Guard(EITHER, True, _both)).send(DELIVERY)
    assert len(receiver.received) == 1


async def test_one_forbidden_address_among_several_forbids_them_all(receiver: Receiver) -> None:
    url = receiver.url.replace("127.0.0.1", "hook.example")
    with pytest.raises(ForbiddenDestination):
        await WebhookSender(url, [b"k" * 32], Guard(HERE, True, _both)).send(DELIVERY)
    assert receiver.received == []


async def test_addresses_that_are_all_dead_are_tried_again_later() -> None:
    async def look(host: str, port: int) -> list[str]:
        return ["::1", "127.0.0.2"]

    with pytest.raises(DeliveryFailed):
        await WebhookSender("http://hook.example:9/", [b"k" * 32], Guard(EITHER, True, look)).send(DELIVERY)


async def test_an_international_name_is_looked_up_and_sent_in_ascii(receiver: Receiver) -> None:
    asked: list[str] = []

    async def look(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    url = receiver.url.replace("127.0.0.1", "b\u00fccher.example")
    await WebhookSender(url, [b"k" * 32], Guard(HERE, True, look)).send(DELIVERY)
    assert asked == ["xn--bcher-kva.example"]
    assert receiver.received[0].headers["host"].startswith("xn--bcher-kva.example:")


@pytest.mark.parametrize("host", ["\u2488.example", "a\u200db.example", "\u00fc" * 70 + ".example"])
async def test_what_is_no_international_name_is_refused(host: str) -> None:
    with pytest.raises(ForbiddenDestination):
        await WebhookSender(f"http://{host}/", [b"k" * 32], Guard(HERE, True, _both)).send(DELIVERY)
