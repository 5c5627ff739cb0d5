"""A partition as all readers and writers open it: what the store holds, and what has left it for the archive."""

from collections.abc import Sequence

from redis.asyncio import Redis

from hitl.adapters.files.archived_intake import ArchivedIntake
from hitl.adapters.files.case_archive import CaseArchive
from hitl.adapters.files.case_index import CaseIndex
from hitl.adapters.valkey.archived_keys import open_keys
from hitl.adapters.valkey.border import Border
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.intake.partitioned import Partitioned
from hitl.intake.recent_rows import RecentRows
from hitl.partitioning import Partitioning


def open_intake(
    client: Redis, partition: int, archive_uri: str, added: int = 0, shared: RecentRows | None = None
) -> ArchivedIntake:
    """Return the whole intake of ``partition``, for a writer that knows that partitions were ``added`` so often, and for a
    follower that reads together with others: ``shared`` is what they have read. Connects with its first command."""
    border, index = Border(client, partition), CaseIndex(archive_uri, partition)
    archive = CaseArchive(archive_uri, partition, border.deletions)
    keys = open_keys(client, partition, archive_uri)
    return ArchivedIntake(ValkeyIntake(client, partition, added), border, archive, index, keys, shared)


def open_intakes(
    client: Redis, partitioning: Partitioning, archive_uri: str, shared: Sequence[RecentRows] = ()
) -> Partitioned[ArchivedIntake]:
    """Return those of all partitions, in order; ``shared`` has that of each partition, or none."""
    read, added = dict(enumerate(shared)), partitioning.number
    opened = (open_intake(client, each, archive_uri, added, read.get(each)) for each in range(partitioning.partitions))
    return Partitioned(opened, partitioning)
