"""What the review application reads beside the shards: the journals themselves, the outbox and the inboxes."""

from collections.abc import Mapping
from dataclasses import dataclass

from redis.asyncio import Redis

from hitl.adapters.metrics_store import ValkeyMetrics
from hitl.adapters.outbox_alerts import ValkeyAlerts
from hitl.adapters.outbox_inbox import ValkeyInbox
from hitl.adapters.outbox_store import ValkeyOutbox
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.journal import Journal
from serve_app.review.shards import all_shards


@dataclass(frozen=True, slots=True)
class Records:
    """``journals`` by shard."""

    journals: Mapping[str, Journal]
    outgoing: ValkeyOutbox
    inbox: ValkeyInbox
    alerts: ValkeyAlerts
    metrics: ValkeyMetrics


def records_of(client: Redis, partitions: int) -> Records:
    """The records in the store behind ``client``."""
    return Records(
        journals_of(client, partitions), ValkeyOutbox(client), ValkeyInbox(client), ValkeyAlerts(client), ValkeyMetrics(client)
    )


def journals_of(client: Redis, partitions: int) -> dict[str, Journal]:
    return {shard: ValkeyJournal(client, shard) for shard in all_shards(partitions)}
