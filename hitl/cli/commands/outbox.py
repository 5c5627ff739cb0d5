"""``hitl outbox``: list pending and dead deliveries, and send them again."""

import asyncio
import json
import os
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from hitl.adapters.notify.load import load_chat, load_notifications
from hitl.adapters.notify.senders import senders
from hitl.adapters.notify.voting import OutsideVoting
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.inbox import ValkeyInbox
from hitl.adapters.valkey.outbox import ValkeyOutbox
from hitl.canonical import to_plain
from hitl.cli.commands.connection import JsonOutput, tell
from hitl.cli.commands.keys import store_url
from hitl.outbox import Delivery, DeliveryStatus, Notifications
from hitl.settings import Settings

T = TypeVar("T")
MOST = 1_000
TEST = "outbox.test"

outbox_app = typer.Typer(no_args_is_help=True, help="Messages to people and other systems: what waits, what died, send again.")
console = Console()

Limit = Annotated[int, typer.Option(min=1, max=MOST, help="At most so many.")]


@outbox_app.command("list")
def list_deliveries(
    status: Annotated[DeliveryStatus, typer.Option(help="Which ones.")] = DeliveryStatus.DEAD,
    limit: Limit = 100,
    as_json: JsonOutput = False,
) -> None:
    """The deliveries with a status, and the counts of all."""
    found = with_outbox(lambda store: store.deliveries(status, 0, limit))
    counts = with_outbox(lambda store: store.counts())
    if as_json:
        console.print_json(json.dumps({"counts": counts, "deliveries": [each.plain() for each in found]}))
        return
    table = Table("id", "channel", "kind", "attempts", "last error", title=", ".join(f"{n} {name}" for name, n in counts.items()))
    for each in found:
        table.add_row(each.id, each.channel, each.kind, str(each.attempts), each.last_error or "")
    console.print(table)


@outbox_app.command("log")
def show_log(limit: Limit = 50, as_json: JsonOutput = False) -> None:
    """The newest attempts, the last one first."""
    rows = with_outbox(lambda store: store.log(limit))
    if as_json:
        console.print_json(json.dumps(rows, default=to_plain))
        return
    table = Table("id", "channel", "attempt", "seconds", "status", "error")
    for row in rows:
        table.add_row(row.id, row.channel, str(row.attempt), str(row.seconds), row.status, row.error or "")
    console.print(table)


@outbox_app.command("replay")
def replay(
    delivery_id: Annotated[str | None, typer.Argument(help="Without one: all that died.")] = None, as_json: JsonOutput = False
) -> None:
    """Send a finished delivery again under its id, or all dead ones."""
    replayed = with_outbox(lambda store: _replay(store, delivery_id))
    tell({"replayed": replayed}, f"{replayed} will be sent again", as_json)


async def _replay(store: ValkeyOutbox, delivery_id: str | None) -> int:
    ids = [delivery_id] if delivery_id else [each.id for each in await store.deliveries(DeliveryStatus.DEAD, 0, MOST)]
    return sum([await store.replay(each) for each in ids])


@outbox_app.command("catalogue")
def show_catalogue() -> None:
    """Every event that a message may tell of, with the JSON Schema of its data."""
    from hitl.outbox.catalogue import catalogue_text  # only here: it imports every machine's events

    typer.echo(catalogue_text(), nl=False)


@outbox_app.command("test")
def send_test(
    channel: Annotated[str, typer.Argument(help="A channel of the notifications file.")], as_json: JsonOutput = False
) -> None:
    """Send one message of the kind outbox.test to CHANNEL now, and say what became of it. It is tried once, and not stored."""
    path = Settings().notifications
    if path is None:
        raise typer.BadParameter("there is no notifications file", param_hint="CHANNEL")
    config = load_notifications(path.read_text(), str(path), os.environ)
    if channel not in config.channels or not config.channels[channel].is_configured:
        known = ", ".join(name for name, each in config.channels.items() if each.is_configured) or "none"
        raise typer.BadParameter(f"no channel that leads anywhere; there are: {known}", param_hint="CHANNEL")
    message = asyncio.run(_sent(config, channel))
    tell({"channel": channel, "message": message}, f"{channel} took {message}", as_json)


async def _sent(config: Notifications, channel: str) -> str:
    """Return the id of the message. Raises DeliveryFailed, Undeliverable with what the channel said."""
    client, at = connect(store_url()), time.time()
    body = {"type": TEST, "source": "test", "timestamp": at, "rule": "test", "data": {"channel": channel}}
    message = Delivery(f"test-{uuid.uuid4()}", channel, TEST, "A test message of ray-hitl: nothing happened", body, at)
    try:
        await senders(config, ValkeyInbox(client), {}, voting=_voting())[channel].send(message)
    finally:
        await client.aclose()
    return message.id


def _voting() -> OutsideVoting:
    settings = Settings()
    url = settings.public_url or settings.api_url or f"http://{settings.http_host}:{settings.http_port}"
    chat = settings.chat_file
    terms = load_chat(chat.read_text(encoding="utf-8"), str(chat), os.environ) if chat else None
    return OutsideVoting(url, time.time, terms)


def with_outbox(use: Callable[[ValkeyOutbox], Awaitable[T]]) -> T:
    """Return the result of ``use`` on the outbox of this machine's store. Raises NotStarted, StoreUnavailable."""

    async def run() -> T:
        client = connect(store_url())
        try:
            return await use(ValkeyOutbox(client))
        finally:
            await client.aclose()

    return asyncio.run(run())
