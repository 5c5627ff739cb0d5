"""What the review application reads beside the shards: journals, outbox and inboxes."""

from collections.abc import Mapping
from dataclasses import dataclass

from redis.asyncio import Redis

from hitl.adapters.files.archive import ArchivedEntries
from hitl.adapters.files.archived_journal import ArchivedJournal
from hitl.adapters.valkey.alerts import ValkeyAlerts
from hitl.adapters.valkey.inbox import ValkeyInbox
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.adapters.valkey.metrics import ValkeyMetrics
from hitl.adapters.valkey.outbox import ValkeyOutbox
from hitl.journal import Journal
from hitl.machine.shards import all_shards


@dataclass(frozen=True, slots=True)
class Records:
    """``journals`` by shard."""

    journals: Mapping[str, Journal]
    outgoing: ValkeyOutbox
    inbox: ValkeyInbox
    alerts: ValkeyAlerts
    metrics: ValkeyMetrics


def records_of(client: Redis, partitions: int, archive_uri: str) -> Records:
    """Return the records in the store behind ``client``, and those that were moved to the archive."""
    journals = journals_of(client, partitions, archive_uri)
    return Records(journals, ValkeyOutbox(client), ValkeyInbox(client), ValkeyAlerts(client), ValkeyMetrics(client))


def journals_of(client: Redis, partitions: int, archive_uri: str) -> dict[str, Journal]:
    return {shard: journal_of(client, shard, archive_uri) for shard in all_shards(partitions)}


def journal_of(client: Redis, shard: str, archive_uri: str) -> Journal:
    """The whole journal of ``shard``, wherever its entries are by now."""
    return ArchivedJournal(ValkeyJournal(client, shard), ArchivedEntries(archive_uri, shard))
