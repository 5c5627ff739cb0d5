"""A partition as all readers and writers open it: what the store holds, and what has left it for the archive."""

from redis.asyncio import Redis

from hitl.adapters.files.archived_intake import ArchivedIntake
from hitl.adapters.files.case_archive import CaseArchive
from hitl.adapters.files.case_index import CaseIndex
from hitl.adapters.valkey.archived_keys import open_keys
from hitl.adapters.valkey.border import Border
from hitl.adapters.valkey.intake import ValkeyIntake


def open_intake(client: Redis, partition: int, archive_uri: str) -> ArchivedIntake:
    """Return the whole intake of ``partition``. Connects with its first command."""
    border, index = Border(client, partition), CaseIndex(archive_uri, partition)
    archive = CaseArchive(archive_uri, partition, border.deletions)
    keys = open_keys(client, partition, archive_uri)
    return ArchivedIntake(ValkeyIntake(client, partition), border, archive, index, keys)


def open_intakes(client: Redis, partitions: int, archive_uri: str) -> list[ArchivedIntake]:
    """Return those of all partitions, in order."""
    return [open_intake(client, partition, archive_uri) for partition in range(partitions)]
