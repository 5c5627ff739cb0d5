"""What the review application reads beside the shards: the journals themselves, the outbox and the inboxes."""

from collections.abc import Mapping
from dataclasses import dataclass

from redis.asyncio import Redis

from hitl.adapters.archive import ArchivedEntries
from hitl.adapters.archived_journal import ArchivedJournal
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


def records_of(client: Redis, partitions: int, archive_uri: str) -> Records:
    """The records in the store behind ``client``, and those that were moved to the archive."""
    journals = journals_of(client, partitions, archive_uri)
    return Records(journals, ValkeyOutbox(client), ValkeyInbox(client), ValkeyAlerts(client), ValkeyMetrics(client))


def journals_of(client: Redis, partitions: int, archive_uri: str) -> dict[str, Journal]:
    return {shard: journal_of(client, shard, archive_uri) for shard in all_shards(partitions)}


def journal_of(client: Redis, shard: str, archive_uri: str) -> Journal:
    """The whole journal of ``shard``, wherever its entries are by now."""
    return ArchivedJournal(ValkeyJournal(client, shard), ArchivedEntries(archive_uri, shard))
