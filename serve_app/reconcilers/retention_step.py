"""Retention as it is deployed: over the store, the archive and the files of cases that the settings name."""

from collections.abc import Sequence
from functools import partial

from hitl.adapters.files.archived_intake import ArchivedIntake
from hitl.adapters.files.blob_store import BlobStore
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.whole_intake import open_intakes
from hitl.intake import CaseRecord, StoredCase
from hitl.intake.partitioned import part_of
from hitl.machine.shards import Shards
from hitl.tasks.book import TaskBook, definition_at
from serve_app.reconcilers.retention import DeleteOldCases
from serve_app.setup.args import ServeArgs
from serve_app.setup.case_files import release_files
from serve_app.setup.vault import Vault


def retention(shards: Shards, args: ServeArgs, tasks: TaskBook) -> DeleteOldCases:
    """Return what deletes the old cases of ``tasks``, with the files that no other case names."""
    client = connect(args.redis_url)
    intakes = open_intakes(client, args.partitioning, args.archive_uri)
    release = partial(_release_deleted, BlobStore(args.blob_uri), Vault(tasks, args.open_keys()), intakes)
    return DeleteOldCases(shards, tasks, client, args.partitions, args.archive_uri, release)


async def _release_deleted(
    store: BlobStore, vault: Vault, intakes: Sequence[ArchivedIntake], record: CaseRecord, payload: bytes
) -> None:
    """Take a case that is deleted from its files. A sealed one without its key was erased, with its files; one that was never
    sealed has no key."""
    spec = definition_at(vault.tasks, record.task, record.generation)
    if spec is None or spec.input.files is None:
        return
    key = await part_of(intakes, record.case_id).wrapped_key(record.case_id)
    await release_files(store, vault, StoredCase(0, record, payload, key))
