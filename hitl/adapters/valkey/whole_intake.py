"""A partition as all readers and writers open it: what the store holds, and what has left it for the archive."""

from redis.asyncio import Redis

from hitl.adapters.files.archived_intake import ArchivedIntake
from hitl.adapters.files.case_archive import CaseArchive
from hitl.adapters.files.case_index import CaseIndex
from hitl.adapters.valkey.archived_keys import open_keys
from hitl.adapters.valkey.border import Border
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.intake.partitioned import Partitioned
from hitl.partitioning import Partitioning


def open_intake(client: Redis, partition: int, archive_uri: str, added: int = 0) -> ArchivedIntake:
    """Return the whole intake of ``partition``, for a writer that knows that partitions were ``added`` so often. Connects with
    its first command."""
    border, index = Border(client, partition), CaseIndex(archive_uri, partition)
    archive = CaseArchive(archive_uri, partition, border.deletions)
    keys = open_keys(client, partition, archive_uri)
    return ArchivedIntake(ValkeyIntake(client, partition, added), border, archive, index, keys)


def open_intakes(client: Redis, partitioning: Partitioning, archive_uri: str) -> Partitioned[ArchivedIntake]:
    """Return those of all partitions, in order."""
    opened = (open_intake(client, each, archive_uri, partitioning.number) for each in range(partitioning.partitions))
    return Partitioned(opened, partitioning)
