"""The loops of the outbox over the real store, as the keeper runs them."""

from collections.abc import Awaitable, Callable

from hitl.adapters.outbox_inbox import ValkeyInbox
from hitl.adapters.outbox_senders import senders
from hitl.adapters.outbox_store import ValkeyOutbox
from hitl.adapters.valkey.client import connect
from hitl.outbox import Notifications
from serve_app.args import ServeArgs
from serve_app.keeping.outbox import Courier, OutboxTail
from serve_app.records import journals_of


def outbox_steps(args: ServeArgs, notices: Notifications) -> dict[str, Callable[[], Awaitable[None]]]:
    """Each step by its name. Raises InvalidConfig for a channel that cannot be made."""
    client = connect(args.redis_url)
    store = ValkeyOutbox(client)
    tail = OutboxTail(store, journals_of(client, args.partitions), notices)
    courier = Courier(store, senders(notices, ValkeyInbox(client), {}))
    return {"outbox": tail.once, "courier": courier.once}
